// Each scheme's whole life, seen in all three places and held against what the server says.

import { handedOut, header, isCookie, isSession, schemes } from '../api.ts';
import { expect, test } from '../fixtures.ts';

for (const scheme of schemes) {
  test(`${scheme}: from login to logout`, async ({ lab, words, complaints }) => {
    const held = isCookie(scheme) ? lab.browser.cookies : lab.browser.storage;
    const row = { user: 'alice', role: 'user', cart: [] as string[] };
    let credential = '';

    await test.step('before, nobody holds anything', async () => {
      await expect(lab.browser.cookies).toContainText(words.browser.noCookie);
      await expect(lab.browser.storage).toContainText(words.browser.nothing);
      await expect(lab.browser.nextRequest).toContainText(words.browser.nextNothing);
      await expect(lab.server.rows).toHaveCount(0);
    });

    await test.step('a login hands a credential out', async () => {
      await lab.logIn(scheme);

      const login = await lab.truth.last('api/login');
      credential = handedOut(login);
      expect(header(login.response.headers, 'set-cookie')).toHaveLength(isCookie(scheme) ? 1 : 0);
      expect(login.response.body?.includes('access_token')).toBe(!isCookie(scheme));
      expect(credential.split('.')).toHaveLength(isSession(scheme) ? 1 : 3);
    });

    await test.step('all three places show it', async () => {
      await expect(held.getByTitle(credential, { exact: true })).toBeVisible();
      await expect(lab.browser.nextRequest).toContainText(isCookie(scheme) ? 'Cookie' : 'Authorization');
      expect(await lab.script()).toEqual({ cookie: '', stored: isCookie(scheme) ? null : credential });

      const exchange = lab.wire.of('api/login');
      await expect(exchange.getByTitle(credential, { exact: true })).toBeVisible();
      await expect(exchange).toContainText(isCookie(scheme) ? 'Set-Cookie' : 'access_token');

      if (isSession(scheme)) {
        expect(await lab.truth.rows()).toMatchObject([{ ...row, key: credential }]);
        await expect(lab.server.rows).toHaveCount(1);
        await expect(lab.server.rows).toContainText('alice');
        await expect(lab.server.chip(credential)).toBeVisible();
      } else {
        expect(await lab.truth.rows()).toEqual([]);
        await expect(lab.server.sessions).toContainText(words.server.noSessionsJwt);
        await expect(lab.server.keys).toContainText('HS256');
      }
    });

    await test.step('the next request carries it', async () => {
      await lab.actions.whoAmI();
      await expect(lab.status).toHaveText(words.said.me('alice', scheme));
      await expect(lab.wire.of('api/me').getByTitle(credential, { exact: true })).toBeVisible();

      const { request } = await lab.truth.last('api/me');
      expect(header(request.headers, 'cookie')).toEqual(isCookie(scheme) ? [`${lab.cookieName(scheme)}=${credential}`] : []);
      expect(header(request.headers, 'authorization')).toEqual(isCookie(scheme) ? [] : [`Bearer ${credential}`]);
    });

    await test.step('the cart changes the row, or the token', async () => {
      if (!isSession(scheme)) await lab.browser.openToken();
      await lab.actions.addToCart();
      await expect(lab.status).toHaveText(words.said.cart(1));
      if (isSession(scheme)) {
        expect(await lab.truth.rows()).toMatchObject([{ ...row, key: credential, cart: ['pen'] }]);
        await expect(lab.server.rows).toContainText('pen');
      } else {
        const renewed = handedOut(await lab.truth.last('api/cart'));
        expect(renewed).not.toBe(credential);
        credential = renewed;
        // Who has opened the old one looks into the new one.
        await expect(lab.browser.token).toContainText('["pen"]');
        await expect(lab.browser.token).toContainText(words.token.anyone);
        expect(await lab.truth.rows()).toEqual([]);
      }
      await expect(held.getByTitle(credential, { exact: true })).toBeVisible();
    });

    await test.step('a logout ends a session, and only forgets a JWT', async () => {
      await lab.actions.logOut();
      await expect(lab.status).toContainText(isSession(scheme) ? words.said.loggedOut : words.said.letGo);
      await expect(lab.browser.nextRequest).toContainText(words.browser.nextNothing);
      await expect(lab.server.rows).toHaveCount(0);
      expect(await lab.script()).toEqual({ cookie: '', stored: null });
      expect(await lab.truth.rows()).toEqual([]);
      expect(await lab.truth.meWith(scheme, credential)).toBe(isSession(scheme) ? 401 : 200);
    });

    await test.step('afterwards nobody knows alice', async () => {
      complaints.foreseeRefusal(401, 'api/me');
      await lab.actions.whoAmI();
      await expect(lab.status).toHaveText(/^401/);
      await expect(lab.wire.newest).toContainText(words.wire.noCredential);
      await expect(lab.step).toHaveText(new RegExp(`^4 .*${words.flow.refused}$`));
    });
  });
}

for (const scheme of ['session-cookie', 'session-storage'] as const)
  test(`${scheme}: logging out of a login that is over says that it is forgotten`, async ({ lab, words, complaints }) => {
    complaints.foreseeRefusal(401, 'api/logout');
    await lab.logIn(scheme);
    await lab.actions.restart();
    await expect(lab.status).toContainText(words.said.restarted);
    await lab.actions.logOut();
    await expect(lab.status).toHaveText(words.said.forgotten);
    expect(await lab.script()).toEqual({ cookie: '', stored: null });
    await expect(lab.browser.nextRequest).toContainText(words.browser.nextNothing);
  });

test('a wrong password is refused without saying what was wrong', async ({ lab, words, complaints }) => {
  complaints.foreseeRefusal(401, 'api/login');
  await lab.actions.logInWith('hunter2');
  await expect(lab.status).toContainText(words.said.wrongLogin);
  await expect(lab.browser.nextRequest).toContainText(words.browser.nextNothing);
  expect(await lab.truth.rows()).toEqual([]);
});
