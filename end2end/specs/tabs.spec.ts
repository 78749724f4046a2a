// Two tabs on one lab agree by themselves; two labs in one browser never meet.

import { handedOut, isCookie, isSession, schemes } from '../api.ts';
import { expect, test } from '../fixtures.ts';

for (const scheme of schemes) {
  test(`${scheme}: a second tab sees it all by itself`, async ({ lab, words, newTab }) => {
    const other = await newTab();
    await lab.logIn(scheme);

    const held = isCookie(scheme) ? other.browser.cookies : other.browser.storage;
    await expect(other.wire.of('api/login')).toBeVisible();
    await expect(other.server.rows).toHaveCount(isSession(scheme) ? 1 : 0);
    const credential = handedOut(await lab.truth.last('api/login'));
    await expect(held.getByTitle(credential, { exact: true })).toBeVisible();

    await other.actions.addToCart();
    await expect(other.status).toHaveText(words.said.cart(1));
    if (isSession(scheme)) await expect(lab.server.rows).toContainText('pen');
    else await expect(lab.browser.chip(handedOut(await lab.truth.last('api/cart'))).first()).toBeVisible();

    await expect(lab.standing).toContainText(words.schemes[scheme]);
    await other.actions.logOut();
    await expect(other.status).toContainText(isSession(scheme) ? words.said.loggedOut : words.said.letGo);
    await expect(lab.browser.nextRequest).toContainText(words.browser.nextNothing);
    await expect(lab.server.rows).toHaveCount(0);
    await expect(lab.standing).toContainText(words.standing.nobody);
  });
}

test('the page opens another tab on the same lab', async ({ lab, context }) => {
  await lab.switch.choose('token-cookie');
  const opened = context.waitForEvent('page');
  await lab.actions.fromMore('newTab');
  const tab = await opened;
  await expect(tab).toHaveURL(new RegExp(`/lab/${lab.id}\\?scheme=token-cookie$`));
  await expect(tab.locator('html[data-hydrated]')).toBeAttached();
});

test('another lab in the same browser knows nothing of this one', async ({ lab, words, newTab }) => {
  const other = await newTab();
  await other.open('/');
  expect(other.id).not.toBe(lab.id);
  // With the prefix a cookie is the whole host's, and goes to every lab.
  await lab.cookieOptions.set('__Host-', false);
  for (const scheme of ['session-cookie', 'token-storage'] as const) {
    await lab.logIn(scheme);
    await other.reload();
    await expect(other.browser.nextRequest).toContainText(words.browser.nextNothing);
    await expect(other.browser.renderedFor).toContainText(words.browser.nobody);
    await expect(other.server.rows).toHaveCount(0);
    expect(await other.truth.exchanges('api/login')).toEqual([]);
    expect(await other.truth.meWith(scheme, handedOut(await lab.truth.last('api/login')))).toBe(401);
  }
});

test('one tab measures at a time: the other one is told so, and runs when it is over', async ({ lab, words, newTab, complaints }) => {
  complaints.tolerateExperiments();
  const other = await newTab();
  await lab.results.enter();
  await lab.results.runAll.click();
  await expect(lab.strip.region).toContainText(words.strip.someDone, { timeout: 30_000 });
  await other.guide.open('http-only');
  await other.guide.measureButton('http-only').click();
  await expect(other.status).toContainText(words.results.otherTab);
  await other.guide.tryIt('not-who-has-data');
  await expect(other.status).toContainText(words.results.otherTab);
  await lab.strip.stop();
  await other.guide.measure('http-only');
  await expect(other.guide.tick('http-only')).toBeVisible();
});

test('a run that a reload cut off is put back by the page that comes next', async ({ lab, words, complaints }) => {
  complaints.tolerateExperiments();
  await lab.logIn('session-storage', 'bob');
  const before = await lab.truth.view();
  await lab.results.enter();
  await lab.results.runAll.click();
  await expect(lab.strip.region).toContainText(words.strip.someDone, { timeout: 30_000 });
  await lab.reload();
  await expect(lab.status).toHaveText(words.said.putBack);
  const after = await lab.truth.view();
  for (const same of ['topology', 'users', 'defences', 'faults'] as const) expect(after[same], same).toEqual(before[same]);
  expect((await lab.truth.rows()).map(({ user }) => user)).toEqual(['bob']);
  await lab.reload();
  await expect(lab.standing).toContainText('bob');
  await expect(lab.status, 'nothing was to be put back').toHaveText('');
});

test('what a claim that was tried has changed can be had back after a reload, too', async ({ lab, words, complaints }) => {
  complaints.tolerateExperiments();
  await lab.logIn('session-cookie', 'bob');
  await lab.guide.tryIt('session-restart');
  await lab.reload();
  await lab.guide.putBack.click();
  await expect(lab.status).toHaveText(words.said.putBack);
  await expect(lab.standing).toContainText('bob');
});
