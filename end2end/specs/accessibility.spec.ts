// No violation that axe can find, in both themes, empty and full.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';

async function violations(page: Page, within?: string): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  const found = (await (within ? axe.include(within) : axe).analyze()).violations;
  return found.flatMap(({ help, nodes }) => nodes.map(({ target, failureSummary }) => `${help}: ${target}: ${failureSummary}`));
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    test('logged out', async ({ lab }) => {
      await expect(lab.status).toBeVisible();
      expect(await violations(lab.page)).toEqual([]);
    });

    test('logged in, with everything open', async ({ lab, words }) => {
      test.slow();
      await lab.truth.logIn('bob');
      await lab.actions.setDenylist(true);
      await lab.logIn('token-cookie');
      await lab.actions.addToCart();
      await expect(lab.status).toHaveText(words.said.cart(1));
      await lab.browser.openToken();
      await lab.wire.open(lab.wire.of('api/login'));
      await lab.tamper.open();
      await lab.guide.open('http-only');
      expect(await violations(lab.page)).toEqual([]);
    });

    test('what lies over the page or beside it', async ({ lab }) => {
      test.slow();
      // One menu is open at a time.
      for (const menu of Object.values(lab.menus)) {
        await menu.within(async () => expect(await violations(lab.page, 'details.menu[open]')).toEqual([]));
      }
      await lab.crowd.show();
      expect(await violations(lab.page, '#server')).toEqual([]);
    });
  });
}
