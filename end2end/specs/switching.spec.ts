// The switch says how the next login will be; a login ends the one before, whatever its scheme.

import { handedOut, isCookie, isSession, type Scheme } from '../api.ts';
import { expect, test } from '../fixtures.ts';

test('moving the switch alone changes nothing but the next login', async ({ lab, words, page }) => {
  await lab.switch.choose('token-storage');
  await expect(lab.status).toHaveText(words.said.switched('token-storage'));
  await expect(page).toHaveURL(/\?scheme=token-storage$/);
  expect(await lab.truth.exchanges('api/login')).toEqual([]);

  await lab.logIn('token-storage');
  const before = await lab.script();
  await lab.switch.choose('session-cookie');
  await expect(lab.status).toHaveText(words.said.switchedWhile('session-cookie', 'token-storage'));
  expect(await lab.script()).toEqual(before);
});

test('a login with another scheme ends the one before and leaves one credential', async ({ lab, words }) => {
  // Each scheme follows another, and both kinds of place are left and entered.
  const order: Scheme[] = ['session-cookie', 'token-storage', 'token-cookie', 'session-storage', 'session-cookie'];
  let last: { scheme: Scheme; credential: string } | undefined;
  for (const scheme of order) {
    await lab.logIn(scheme);
    const credential = handedOut(await lab.truth.last('api/login'));

    await lab.actions.whoAmI();
    await expect(lab.status).toHaveText(words.said.me('alice', scheme));
    await expect(lab.browser.nextRequest.getByTitle(credential, { exact: true })).toHaveCount(1);
    await expect(lab.browser.nextRequest).not.toContainText(isCookie(scheme) ? 'Authorization' : 'Cookie');
    expect(await lab.truth.rows()).toHaveLength(isSession(scheme) ? 1 : 0);
    if (last && isSession(last.scheme)) expect(await lab.truth.meWith(last.scheme, last.credential)).toBe(401);
    last = { scheme, credential };
  }
});

test('logging in as somebody else gives a new credential and ends the old one', async ({ lab }) => {
  await lab.logIn();
  const alices = handedOut(await lab.truth.last('api/login'));
  await lab.logIn('session-cookie', 'bob');
  expect(await lab.truth.rows()).toMatchObject([{ user: 'bob' }]);
  expect(await lab.truth.meWith('session-cookie', alices)).toBe(401);
});

test('the address carries the scheme, and never a credential', async ({ lab, page }) => {
  await lab.open(`/lab/${lab.id}?scheme=token-cookie`);
  await expect(lab.switch.radio('token-cookie')).toBeChecked();
  await lab.actions.logIn();
  await expect(lab.browser.token).toBeVisible();
  expect(new URL(page.url()).search).toBe('?scheme=token-cookie');
});
