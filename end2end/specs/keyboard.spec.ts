// Everything can be reached and used with the keyboard, and one sees where one is.

import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';

/** Presses Tab until something has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab');
    if (await target.evaluate((element) => element === document.activeElement)) {
      const outline = await target.evaluate((element) => getComputedStyle(element).outlineStyle);
      expect(outline, 'the focus can be seen').not.toBe('none');
      return;
    }
  }
  throw new Error(`Tab does not reach ${target}`);
}

test('from the top of the page to a login and out again, without a mouse', async ({ lab, page, words }) => {
  await tabTo(page, lab.switch.radio('session-cookie'));
  for (const scheme of ['session-storage', 'token-cookie', 'token-storage'] as const) {
    await page.keyboard.press('ArrowDown');
    await expect(lab.switch.radio(scheme)).toBeChecked();
    await expect(lab.switch.radio(scheme)).toBeFocused();
  }
  await tabTo(page, lab.actions.user);
  await page.keyboard.press('ArrowDown');
  await expect(lab.actions.user).toHaveValue('bob');
  await tabTo(page, lab.actions.button('logIn'));
  await page.keyboard.press('Enter');
  await expect(lab.status).toHaveText(words.said.loggedIn('bob', 'token-storage'));
  await expect(lab.actions.button('logIn')).toBeFocused();

  await tabTo(page, lab.actions.button('addToCart'));
  await page.keyboard.press('Space');
  await expect(lab.status).toHaveText(words.said.cart(1));
  await tabTo(page, lab.actions.button('logOut'));
  await page.keyboard.press('Enter');
  await expect(lab.status).toContainText(words.said.letGo);
});

test('the first stop skips to the bench', async ({ lab: { page }, words }) => {
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: words.skip })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#bench')).toBeFocused();
});
