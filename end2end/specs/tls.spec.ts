// Over https (LOGIN_LAB_TLS=1): whatever cookie the browser holds is Secure, and goes with nothing but https.

import { isCookie, schemes } from '../api.ts';
import { expect, test } from '../fixtures.ts';

test.beforeEach(({ baseURL }) => expect(baseURL).toMatch(/^https:/));

for (const scheme of schemes.filter(isCookie)) {
  test(`${scheme}: Secure and __Host- unless chosen otherwise, and Secure in any case`, async ({ lab, context }) => {
    const name = lab.cookieName(scheme);
    await lab.switch.choose(scheme);
    await lab.cookieOptions.within(async () => {
      await expect(lab.cookieOptions.toggle('Secure')).toBeChecked();
      await expect(lab.cookieOptions.toggle('Secure')).toBeDisabled();
      await expect(lab.cookieOptions.toggle('__Host-')).toBeChecked();
    });
    await lab.logIn(scheme);
    await expect(lab.browser.cookies).toContainText(name);
    const usual = { secure: true, httpOnly: true, sameSite: 'Lax', domain: 'localhost' };
    expect(await context.cookies()).toMatchObject([{ ...usual, name, path: '/' }]);

    await lab.cookieOptions.set('__Host-', false);
    await lab.logIn(scheme);
    await expect(lab.browser.cookies).not.toContainText('__Host-');
    expect(await context.cookies()).toMatchObject([{ ...usual, name: name.replace('__Host-', ''), path: `/lab/${lab.id}` }]);
  });
}

test('SameSite=None without Secure cannot be had: it is Secure, and kept', async ({ lab, words, context }) => {
  await lab.cookieOptions.within(async () => {
    await lab.cookieOptions.toggle('__Host-').uncheck();
    await lab.cookieOptions.sameSite.selectOption('none');
    await expect(lab.cookieOptions.region.getByText(words.options.dropped)).toBeHidden();
  });
  await lab.logIn('session-cookie');
  expect(await context.cookies()).toMatchObject([{ name: 'sid', secure: true, sameSite: 'None' }]);
});

test('every cookie is Secure: of a login, of its refresh token, of the balancer, of language and theme', async ({ lab, page, lang, words, context }) => {
  await lab.servers.adopt('sticky');
  await lab.logIn('session-cookie');
  await page.evaluate(async (lab) => {
    const login = { username: 'bob', password: 'bob-password', scheme: 'token-cookie', refresh: true, cookie: { host_prefix: true } };
    const headers = { 'content-type': 'application/json' };
    await fetch(`${lab}/api/login`, { method: 'POST', headers, body: JSON.stringify(login) });
  }, `/lab/${lab.id}`);
  await page.getByRole('combobox', { name: words.theme }).selectOption('dark');
  await page.getByRole('link', { name: words.otherLanguage }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', lang === 'en' ? 'ko' : 'en');
  const cookies = await context.cookies();
  expect(cookies.map(({ name }) => name).sort()).toEqual(['__Host-token', 'lang', 'lb', 'refresh', 'theme']);
  expect(cookies.filter(({ secure }) => !secure)).toEqual([]);
  // No script needs to see any but those that a script has set.
  expect(cookies.filter(({ httpOnly }) => !httpOnly).map(({ name }) => name).sort()).toEqual(['lang', 'theme']);
});

test('the certificate is one that the browser trusts: a secure context, over HTTP/2', async ({ lab: { page } }) => {
  const [secure, protocols] = await page.evaluate(() => {
    const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
    return [window.isSecureContext, [...new Set((entries as PerformanceResourceTiming[]).map((entry) => entry.nextHopProtocol))]] as const;
  });
  expect([secure, protocols]).toEqual([true, ['h2']]);
});
