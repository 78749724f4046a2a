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
      const token = handedOut(await lab.truth.last('api/login'));
      for (const place of ['browser', 'wire'] as const) await expect(lab.cell(place).getByTitle(token, { exact: true })).toBeVisible();
      await lab.actions.button('addToCart').tap();
      await expect(lab.status).toHaveText(words.said.cart(1));
      expect((await page.locator('.dock').boundingBox())?.height, 'the bar is low').toBeLessThan(140);
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
      await lab.guide.measure('http-only');
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

    test('the page asks its question, and leads to the guide', async ({ lab, words, page }) => {
      await expect(page.getByRole('banner').getByText(words.title.split(' · ')[1] ?? '', { exact: true })).toBeInViewport({ ratio: 1 });
      const link = page.getByRole('banner').getByRole('link', { name: words.guide.title, exact: true });
      for (const _ of ['once', 'twice']) {
        await page.evaluate(() => window.scrollTo(0, 0));
        await link.tap();
        await expect(lab.guide.region.getByRole('heading').first()).toBeInViewport();
      }
      await lab.results.door.tap();
      await expect(lab.guide.region).toBeHidden();
      await link.tap();
      await expect(lab.guide.region.getByRole('heading').first()).toBeInViewport();
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

    test('a script and another site are a tap away, and so is what came of it', async ({ lab, words, page, complaints }) => {
      complaints.tolerateExperiments();
      await lab.logIn('token-storage');
      await lab.actions.more.sheet?.open();
      await lab.actions.script.summary.tap();
      await lab.actions.button('scriptReads').tap();
      await expect(lab.status).toHaveText(words.said.scriptRead);
      await expect(lab.status).toBeInViewport();
      expect(await page.evaluate(sticksOut)).toEqual([]);
      await lab.actions.more.sheet?.open();
      await lab.actions.otherSite.summary.tap();
      await lab.actions.button('otherSitePosts').tap();
      await expect(lab.status).toHaveText(words.said.siteWasNobody, { timeout: 15_000 });
      await expect(lab.status).toBeInViewport();
    });

    test('results and slides are read without scrolling sideways', async ({ lab, words, page, complaints }) => {
      complaints.tolerateExperiments();
      await lab.guide.measure('http-forgets');
      await lab.results.door.tap();
      const cell = lab.results.cells('stateless').first();
      await expect(cell).not.toContainText(words.results.notMeasured);
      expect(await page.evaluate(sticksOut)).toEqual([]);
      await cell.tap();
      await expect(lab.results.details).toBeVisible();
      expect(await page.evaluate(sticksOut)).toEqual([]);
      await lab.results.details.getByRole('button', { name: words.results.close, exact: true }).tap();

      await page.evaluate(() => window.scrollTo(0, 100_000));
      await lab.slides.enter();
      await expect(lab.slides.heading).toBeFocused();
      expect(await page.evaluate(() => window.scrollY), 'a slide opens at its top').toBe(0);

      await lab.open(`/lab/${lab.id}?claim=http-forgets&slides=1`);
      for (const step of ['prediction', 'show', 'why'] as const) {
        await lab.slides.button(step).tap();
        expect(await page.evaluate(sticksOut), step).toEqual([]);
      }
      await expect(lab.slides.reason).toBeVisible();
      await lab.slides.button('leave').tap();
      await expect(lab.slides.region).toBeHidden();
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
