// What if…: what others do to a login, and what is done less often, by the visitor's own clicks.

import { handedOut, header } from '../api.ts';
import { expect, test } from '../fixtures.ts';

test('a script reads localStorage, and not an HttpOnly cookie', async ({ lab, words, complaints }) => {
  complaints.tolerateExperiments();
  await lab.logIn('session-cookie');
  await lab.actions.letAScript('scriptReads');
  await expect(lab.status).toHaveText(words.said.scriptGotNone);
  expect((await lab.truth.view()).attacker.loot).toEqual([]);

  await lab.logIn('token-storage');
  await lab.actions.letAScript('scriptReads');
  await expect(lab.status).toHaveText(words.said.scriptRead);
  expect((await lab.truth.view()).attacker.loot).toMatchObject([{ credential: handedOut(await lab.truth.last('api/login')) }]);
});

test('with the Content Security Policy of the guestbook no script runs, and the page says that this is why', async ({ lab, words, complaints }) => {
  complaints.tolerateExperiments();
  await lab.logIn('token-storage');
  await lab.menus.defences.within(() => lab.menus.defences.box.getByRole('checkbox', { name: words.actions.guestbookCsp }).check());
  await expect(lab.status).toHaveText(words.said.guestbookCspOn);
  for (const does of ['scriptReads', 'scriptActs'] as const) {
    await lab.actions.letAScript(does);
    await expect(lab.status, does).toHaveText(words.said.scriptBarred);
  }
  const { attacker } = await lab.truth.view();
  expect(attacker.loot).toEqual([]);
});

test('a script acts as the visitor, whatever it can read', async ({ lab, words, complaints }) => {
  complaints.tolerateExperiments();
  await lab.actions.letAScript('scriptActs');
  await expect(lab.status).toHaveText(words.said.scriptStopped);
  await lab.logIn('session-cookie');
  await lab.actions.letAScript('scriptActs');
  await expect.poll(async () => (await lab.truth.rows()).map(({ cart }) => cart.length)).toEqual([1]);
});

test('another site posts a form, and says truly what came of it', async ({ lab, words, complaints }) => {
  complaints.tolerateExperiments();
  await lab.cookieOptions.within(() => lab.cookieOptions.sameSite.selectOption('unset'));
  await lab.logIn('session-cookie');
  await lab.actions.letAnotherSite('otherSitePosts');
  await expect(lab.status).toHaveText(words.said.siteWasYou, { timeout: 15_000 });
  expect((await lab.truth.rows()).map(({ cart }) => cart.length)).toEqual([1]);
});

test('of another site with SameSite=Lax a link is answered as the visitor, and nothing else', async ({ lab, words, complaints }) => {
  test.slow();
  complaints.tolerateExperiments();
  await lab.logIn('session-cookie');
  const sid = handedOut(await lab.truth.last('api/login'));
  for (const [does, said] of [
    ['otherSiteLinks', words.said.siteWasYou],
    ['otherSitePosts', words.said.siteWasNobody],
    ['otherSiteFetches', words.said.siteWasNobody],
    ['otherSiteFrames', words.said.siteWasNobody],
  ] as const) {
    await lab.actions.whoAmI();
    await expect(lab.status, does).toHaveText(words.said.me('alice', 'session-cookie'));
    await lab.actions.letAnotherSite(does);
    await expect(lab.status, does).toHaveText(said, { timeout: 15_000 });
  }
  const sent = [...(await lab.truth.exchanges('')), ...(await lab.truth.exchanges('api/cart'))].filter(({ from }) => from === 'attacker');
  const carried = sent.map(({ request }) => header(request.headers, 'cookie').join().includes(sid));
  expect(carried.filter(Boolean), 'the link').toHaveLength(1);
  expect(carried.length).toBeGreaterThanOrEqual(4);
  expect((await lab.truth.rows()).map(({ cart }) => cart)).toEqual([[]]);
});

test('the attacker has a place as soon as there is loot, and a replay says what became of it', async ({ lab, words, page }) => {
  await lab.logIn();
  await lab.actions.fromMore('takeRows');
  const attacker = page.getByRole('region', { name: words.attacker.title, exact: true });
  await attacker.getByRole('button', { name: words.attacker.replay }).first().click();
  await expect(lab.status).toContainText('alice');
  await expect(lab.status).toHaveText(/^200/);
  await lab.actions.logOut();
  await expect(lab.status).toContainText(words.said.loggedOut);
  await attacker.getByRole('button', { name: words.attacker.replay }).first().click();
  await expect(lab.status).toHaveText(/^401/);
  await attacker.getByRole('button', { name: words.attacker.empty }).click();
  await expect(attacker).toBeHidden();
});

test('each button behind More does what it says', async ({ lab, words, complaints }) => {
  test.slow();
  complaints.tolerateExperiments();
  await lab.logIn('session-cookie');
  await lab.actions.addToCart();
  await expect(lab.status).toHaveText(words.said.cart(1));
  await lab.actions.fromMore('emptyCart');
  await expect.poll(async () => (await lab.truth.rows()).map(({ cart }) => cart)).toEqual([[]]);
  await lab.actions.fromMore('catalog');
  await expect(lab.status).toHaveText(words.said.catalog);
  expect(await lab.truth.exchanges('api/catalog')).toHaveLength(1);

  const [first] = (await lab.truth.view()).keys;
  await lab.actions.fromMore('rotate');
  await expect.poll(async () => (await lab.truth.view()).keys.map(({ signs }) => signs).sort()).toEqual([false, true]);
  await lab.actions.fromMore('retire');
  await expect.poll(async () => (await lab.truth.view()).keys.length).toBe(1);
  expect((await lab.truth.view()).keys[0]?.kid).not.toBe(first?.kid);

  await lab.actions.fromMore('takeRows');
  await expect.poll(async () => (await lab.truth.view()).attacker.loot.map(({ scheme }) => scheme.split('-')[0])).toContain('session');
  await lab.actions.fromMore('takeKey');
  await expect.poll(async () => (await lab.truth.view()).attacker.loot.map(({ scheme }) => scheme.split('-')[0])).toContain('token');

  const before = (await lab.truth.view()).now;
  await lab.actions.fromMore('eightHours');
  await expect.poll(async () => (await lab.truth.view()).now - before).toBeGreaterThanOrEqual(8 * 3600);

  await lab.actions.fromMore('reset');
  await expect(lab.standing).toContainText(words.standing.nobody);
  const after = await lab.truth.view();
  expect(after.attacker.loot).toEqual([]);
  expect(after.now).toBeLessThan(before + 3600);
  expect(await lab.truth.rows()).toEqual([]);
  await expect(lab.browser.cookies).toContainText(words.browser.noCookie);
});
