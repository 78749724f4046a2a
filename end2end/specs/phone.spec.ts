// On a phone, by touch, in both languages.

import { handedOut } from '../api.ts';
import { expect, test } from '../fixtures.ts';
import { sticksOut } from '../layout.ts';

for (const locale of ['en-US', 'ko-KR']) {
  test.describe(locale, () => {
    test.use({ locale });

    test('logs in, shops and logs out, and nothing sticks out', async ({ lab, words, page }) => {
      expect(await page.evaluate(sticksOut)).toEqual([]);
      await lab.switch.choose('token-storage');
      await lab.actions.button('logIn').tap();
      await expect(lab.status).toHaveText(words.said.loggedIn('alice', 'token-storage'));
      await expect(lab.status).toBeInViewport();
      await lab.actions.button('addToCart').tap();
      await expect(lab.status).toHaveText(words.said.cart(1));
      await lab.wire.open(lab.wire.of('api/login'));
      await lab.cell('browser').tap();
      await expect(lab.wire.region).toBeHidden();
      await lab.browser.token.locator('summary').tap();
      await expect(lab.browser.chip(handedOut(await lab.truth.last('api/cart'))).first()).toBeVisible();
      expect(await page.evaluate(sticksOut)).toEqual([]);
      await lab.actions.button('logOut').tap();
      await expect(lab.status).toContainText(words.said.letGo);
    });

    test('a comparison of the guide is seen whole', async ({ lab, page, complaints }) => {
      test.slow();
      complaints.tolerateExperiments();
      await lab.guide.open('http-only');
      await lab.guide.measure(lab.guide.measureButton('http-only'));
      const width = await page.evaluate(() => document.documentElement.clientWidth);
      for (const row of await lab.guide.rows('http-only').all()) {
        const [measured, predicted] = await row.getByRole('cell').allInnerTexts();
        expect(measured).toBe(predicted);
        for (const cell of await row.getByRole('cell').all()) {
          await cell.scrollIntoViewIfNeeded();
          const box = await cell.boundingBox();
          expect(box?.x).toBeGreaterThanOrEqual(0);
          expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
        }
      }
      expect(await page.evaluate(sticksOut)).toEqual([]);
    });

    test('what comes of an action is seen beside it', async ({ lab, words, page }) => {
      await lab.actions.button('logIn').tap();
      await expect(lab.status).toHaveText(words.said.loggedIn('alice', 'session-cookie'));
      const atHand = [lab.status, lab.actions.button('whoAmI'), lab.cell('browser'), lab.cell('wire'), lab.cell('server')];
      for (const where of [0, 400, 100_000]) {
        await page.evaluate((top) => window.scrollTo(0, top), where);
        for (const one of atHand) await expect(one).toBeInViewport({ ratio: 1 });
      }
      await lab.cell('server').tap();
      await expect(lab.cell('server')).toHaveAttribute('aria-expanded', 'true');
      await expect(lab.cell('wire')).toHaveAttribute('aria-expanded', 'false');
      await expect(lab.server.region).toBeVisible();
      await expect(lab.wire.region).toBeHidden();
      // What is pressed in a sheet closes it.
      await lab.actions.more.sheet?.open();
      await lab.actions.button('restart').tap();
      await expect(lab.actions.button('restart')).toBeHidden();
      await expect(lab.status).toContainText(words.said.restarted);
    });

    test('what is to be touched is large enough', async ({ lab: { page } }) => {
      // WCAG 2.2, 2.5.8: 24 by 24 CSS pixels.
      for (const control of await page.getByRole('button').or(page.getByRole('combobox')).all()) {
        const box = await control.boundingBox();
        if (!box) continue;
        expect(Math.min(box.width, box.height), await control.innerText()).toBeGreaterThanOrEqual(24);
      }
    });
  });
}
