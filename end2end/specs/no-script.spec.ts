// Without any script: a browser attaches a cookie by itself, so plain forms are enough for the cookie schemes.

import { handedOut } from '../api.ts';
import { expect, test } from '../fixtures.ts';

for (const locale of ['en-US', 'ko-KR']) {
  test.describe(locale, () => {
    test.use({ locale });

    for (const scheme of ['session-cookie', 'token-cookie'] as const) {
      test(`${scheme}: from login to logout by forms`, async ({ lab, words }) => {
        await lab.switch.choose(scheme);
        await lab.actions.logIn();
        await expect(lab.status).toHaveText(words.said.loggedInByForm);
        await expect(lab.browser.renderedFor).toContainText('alice');
        const credential = handedOut(await lab.truth.last('api/login'));
        await expect(lab.browser.cookies.getByTitle(credential, { exact: true })).toBeVisible();
        await expect(lab.switch.radio(scheme)).toBeChecked();

        await lab.actions.whoAmI();
        await expect(lab.browser.renderedFor).toContainText('alice');

        await lab.actions.addToCart();
        await expect(lab.status).toHaveText(words.said.cartByForm);
        await expect(lab.browser.renderedFor).toContainText('pen');

        await lab.actions.logOut();
        await expect(lab.status).toHaveText(words.said.loggedOutByForm);
        await expect(lab.browser.renderedFor).toContainText(words.browser.nobody);
        await expect(lab.browser.cookies).toContainText(words.browser.noCookie);
        expect(await lab.truth.rows()).toEqual([]);

        await lab.actions.addToCart();
        await expect(lab.status).toHaveText(words.said.notLoggedInByForm);
      });
    }

    test('the page says why localStorage cannot work', async ({ lab, words, page }) => {
      // Found by its place, because Playwright leaves <noscript> out of what it finds by text.
      const banner = page.locator('main > noscript p');
      await expect(banner).toBeVisible();
      await expect(banner).toContainText(words.noScript);
      await expect(lab.browser.storage).toContainText(words.browser.looking);
      await lab.switch.choose('token-storage');
      await lab.actions.logIn();
      await expect(lab.browser.renderedFor).toContainText(words.browser.nobody);
      await expect(lab.status).not.toHaveText(words.said.loggedInByForm);
      expect(await lab.truth.rows()).toEqual([]);
    });

    test('what each claim says is a link away, and stays there', async ({ lab, words, page }) => {
      await expect(lab.guide.told('http-only')).toHaveCount(0);
      // What only a script could do is not shown, and what it would show is.
      await expect(lab.guide.search).toBeHidden();
      await expect(lab.guide.tab('servers')).toBeHidden();
      for (const claim of ['http-only', 'alg-none']) await expect(lab.guide.claim(claim)).toBeVisible();
      await page.locator('.claim-list > noscript a').click();
      await lab.guide.claim('http-only').locator('summary').first().click();
      await expect(lab.guide.told('http-only')).toContainText('document.cookie');
      await expect(lab.guide.told('http-only').getByRole('button'), 'none that could do nothing').toHaveCount(0);
      for (const row of await lab.guide.rows('http-only').all()) await expect(row.getByRole('cell').last(), 'what is predicted').toHaveText(/./);
      await lab.actions.logIn();
      await expect(lab.status).toHaveText(words.said.loggedInByForm);
      await expect(lab.guide.told('http-only')).toHaveCount(1);
    });

    test('a wrong password is refused', async ({ lab, words }) => {
      await lab.actions.logInWith('hunter2');
      await expect(lab.status).toContainText(words.said.wrongLogin);
      expect(await lab.truth.rows()).toEqual([]);
    });

    test('cookie options go along with the form', async ({ lab, context }) => {
      await lab.cookieOptions.set('HttpOnly', false);
      await lab.cookieOptions.within(() => lab.cookieOptions.sameSite.selectOption('strict'));
      await lab.actions.logIn();
      await expect(lab.browser.renderedFor).toContainText('alice');
      expect(await context.cookies()).toMatchObject([{ name: lab.cookieName('session-cookie'), httpOnly: false, sameSite: 'Strict' }]);
    });

    test('the other language is a link away', async ({ lab: { page }, words, lang }) => {
      await page.getByRole('link', { name: words.otherLanguage }).click();
      await expect(page.locator('html')).toHaveAttribute('lang', lang === 'en' ? 'ko' : 'en');
    });
  });
}
