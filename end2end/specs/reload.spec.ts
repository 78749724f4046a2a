// A reload: a cookie comes along with the page request, localStorage does not.

import { handedOut, isCookie, isSession, schemes } from '../api.ts';
import { expect, test } from '../fixtures.ts';
import { Lab } from '../lab.ts';

for (const scheme of schemes) {
  test(`${scheme}: who the server's own HTML knows`, async ({ lab, words, browser, context, request, locale }) => {
    await lab.logIn(scheme);
    await lab.actions.addToCart();
    await expect(lab.status).toHaveText(words.said.cart(1));
    const credential = handedOut(await lab.truth.last(isSession(scheme) ? 'api/login' : 'api/cart'));

    await test.step('as it arrives, before any script', async () => {
      const options = { javaScriptEnabled: false, storageState: await context.storageState(), ...(locale ? { locale } : {}) };
      const still = await browser.newContext(options);
      const bare = new Lab(await still.newPage(), words, request);
      await bare.page.goto(lab.page.url());
      if (isCookie(scheme)) {
        await expect(bare.browser.renderedFor).toContainText('alice');
        await expect(bare.browser.renderedFor).toContainText('pen');
        await expect(bare.browser.cookies.getByTitle(credential, { exact: true })).toBeVisible();
      } else {
        await expect(bare.browser.renderedFor).toContainText(words.browser.nobody);
        await expect(bare.browser.storage).toContainText(words.browser.looking);
        await expect(bare.browser.chip(credential)).toHaveCount(0);
      }
      await still.close();
    });

    await test.step('once scripts run', async () => {
      await lab.reload();
      await expect(lab.browser.renderedFor).toContainText(isCookie(scheme) ? 'alice' : words.browser.nobody);
      const held = isCookie(scheme) ? lab.browser.cookies : lab.browser.storage;
      await expect(held.getByTitle(credential, { exact: true })).toBeVisible();
      await lab.actions.whoAmI();
      await expect(lab.status).toHaveText(words.said.me('alice', scheme));
    });
  });
}

test('a reload is part of the lesson: it stands on the wire', async ({ lab }) => {
  await lab.logIn();
  await lab.reload();
  const page = await lab.truth.last('');
  expect(page.response.status).toBe(200);
  await expect(lab.wire.newest).toContainText('/lab/…');
  await expect(lab.wire.newest.getByTitle(handedOut(await lab.truth.last('api/login')), { exact: true })).toBeVisible();
});

test('the script takes over whatever the server rendered', async ({ lab, complaints, words }) => {
  // Of everything that can stand on the page one: rows, a token, refusals, a denylist.
  complaints.foreseeRefusal(401, 'api/me');
  complaints.foreseeRefusal(403, 'api/admin');
  await lab.truth.logIn('bob');
  await lab.actions.setDenylist(true);
  await lab.logIn('token-storage');
  await lab.actions.logOut();
  await expect(lab.status).toContainText(words.said.loggedOut);
  await lab.logIn('token-cookie');
  await lab.actions.addToCart();
  await expect(lab.status).toHaveText(words.said.cart(1));
  await lab.actions.visitAdmin();
  await expect(lab.status).toHaveText(/^403/);
  await lab.tamper.take();
  await lab.tamper.claimAdmin();
  await lab.tamper.send();
  await expect(lab.status).toHaveText(/^401/);
  const exchanges = await lab.wire.all.count();

  await lab.reload();
  await expect(lab.wire.all).toHaveCount(exchanges + 1);
  await lab.actions.whoAmI();
  await expect(lab.status).toHaveText(words.said.me('alice', 'token-cookie'));
});
