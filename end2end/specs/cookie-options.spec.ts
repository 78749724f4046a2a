// What a cookie's options do: said beforehand, and true afterwards.

import { header, isCookie, schemes } from '../api.ts';
import { expect, test } from '../fixtures.ts';

for (const scheme of schemes.filter(isCookie)) {
  test(`${scheme}: HttpOnly hides it from scripts`, async ({ lab, words }) => {
    await lab.switch.choose(scheme);
    await expect(lab.cookieOptions.summary).toContainText('HttpOnly');
    await lab.cookieOptions.within(async () => {
      await expect(lab.cookieOptions.toggle('HttpOnly')).toBeChecked();
      await expect(lab.cookieOptions.ruling(words.options.visible)).toContainText('HttpOnly');
    });
    await lab.actions.logIn();
    await expect(lab.browser.cookies).toContainText(words.browser.hidden);
    await expect(lab.browser.cookies).toContainText('HttpOnly');
    expect((await lab.script()).cookie).toBe('');
  });

  test(`${scheme}: without HttpOnly any script reads it`, async ({ lab, words }) => {
    await lab.switch.choose(scheme);
    await lab.cookieOptions.within(async () => {
      await lab.cookieOptions.toggle('HttpOnly').uncheck();
      await expect(lab.cookieOptions.ruling(words.options.visible)).not.toContainText('HttpOnly');
    });
    await expect(lab.cookieOptions.summary).not.toContainText('HttpOnly');
    await lab.actions.logIn();
    await expect(lab.browser.cookies).toContainText(words.browser.shown);
    const [set] = header((await lab.truth.last('api/login')).response.headers, 'set-cookie');
    expect((await lab.script()).cookie).toBe(set?.split(';')[0]);
    await lab.actions.logOut();
    await expect(lab.browser.cookies).toContainText(words.browser.noCookie);
    expect((await lab.script()).cookie).toBe('');
  });
}

test('SameSite=None without Secure: the page says that it will be dropped, and it is', async ({ lab, words, https }) => {
  test.skip(https, 'over https none is without Secure');
  await lab.cookieOptions.within(async () => {
    await lab.cookieOptions.sameSite.selectOption('none');
    await expect(lab.cookieOptions.region.getByText(words.options.dropped)).toBeVisible();
  });
  await lab.actions.logIn();
  await expect(lab.status).toContainText(words.said.notKept);
  await expect(lab.browser.cookies).toContainText(words.browser.noCookie);
});

test('that the browser dropped a cookie is said also where an older one still lies there', async ({ lab, words, https }) => {
  test.skip(https, 'what is dropped here is not, over https');
  await lab.logIn('session-cookie');
  await lab.cookieOptions.within(() => lab.cookieOptions.sameSite.selectOption('none'));
  await lab.actions.logIn();
  await expect(lab.status).toContainText(words.said.notKept);
});

test('Secure and __Host- are kept on this machine, and logging out removes them', async ({ lab, words }) => {
  await lab.cookieOptions.within(async () => {
    await lab.cookieOptions.toggle('__Host-').check();
    await expect(lab.cookieOptions.toggle('Secure')).toBeChecked();
    await expect(lab.cookieOptions.region.getByText(words.options.dropped)).toBeHidden();
  });
  await lab.actions.logIn();
  await expect(lab.browser.cookies).toContainText('__Host-sid');
  const [set] = header((await lab.truth.last('api/login')).response.headers, 'set-cookie');
  expect(set).toMatch(/^__Host-sid=/);
  expect(set?.split('; ').slice(1).sort()).toEqual(['HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure']);

  await lab.actions.logOut();
  await expect(lab.browser.cookies).toContainText(words.browser.noCookie);
});

test('a lifetime becomes Max-Age', async ({ lab, context }) => {
  await lab.cookieOptions.within(() => lab.cookieOptions.lifetime.selectOption('60'));
  await lab.actions.logIn();
  await expect(lab.browser.cookies).toContainText('Max-Age=60');
  const [cookie] = await context.cookies();
  expect(cookie?.expires).toBeGreaterThan(Date.now() / 1000 + 30);
  expect(cookie?.expires).toBeLessThan(Date.now() / 1000 + 61);
});

test('where a script attaches there are no options to offer', async ({ lab }) => {
  await expect(lab.cookieOptions.summary).toBeVisible();
  for (const scheme of ['session-storage', 'token-storage'] as const) {
    await lab.switch.choose(scheme);
    await expect(lab.cookieOptions.summary).toBeHidden();
  }
  await lab.switch.choose('token-cookie');
  await expect(lab.cookieOptions.summary).toBeVisible();
});
