// No violation that axe can find, in both themes, empty and full.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';

async function violations(page: Page): Promise<string[]> {
  const found = (await new AxeBuilder({ page }).analyze()).violations;
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
      await lab.truth.logIn('bob');
      await lab.actions.setDenylist(true);
      await lab.logIn('token-cookie');
      await lab.actions.addToCart();
      await expect(lab.status).toHaveText(words.said.cart(1));
      await lab.browser.openToken();
      await lab.actions.more.click();
      await lab.wire.open(lab.wire.of('api/login'));
      expect(await violations(lab.page)).toEqual([]);
    });
  });
}
