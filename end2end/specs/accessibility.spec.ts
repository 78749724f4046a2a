// No violation that axe can find, in both themes, empty and full.

import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '../fixtures.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    test('logged out', async ({ lab }) => {
      await expect(lab.status).toBeVisible();
      const { violations } = await new AxeBuilder({ page: lab.page }).analyze();
      expect(violations).toEqual([]);
    });

    test('logged in, with everything open', async ({ lab, words }) => {
      await lab.truth.logIn('bob');
      await lab.actions.setDenylist(true);
      await lab.switch.choose('token-cookie');
      await lab.cookieOptions.sameSite.selectOption('strict');
      await lab.actions.logIn();
      await lab.actions.addToCart();
      await expect(lab.status).toHaveText(words.said.cart(1));
      await lab.browser.openToken();
      await lab.actions.more.click();
      await lab.wire.open(lab.wire.of('api/login'));
      const { violations } = await new AxeBuilder({ page: lab.page }).analyze();
      expect(violations).toEqual([]);
    });
  });
}
