// Language and theme: light preferences, kept in cookies, and right in the server's own HTML.

import { expect, test } from '../fixtures.ts';
import { Lab } from '../lab.ts';
import { words as all } from '../words.ts';

test('the page comes in the language that the browser asks for', async ({ lab, page, lang, words }) => {
  await expect(page.locator('html')).toHaveAttribute('lang', lang);
  await expect(lab.actions.button('logIn')).toBeVisible();
  expect(await (await page.reload())?.text()).toContain(`<title>${words.title}</title>`);
  await expect(page).toHaveTitle(words.title);
  await expect(page.getByRole('link', { name: words.otherLanguage })).toBeVisible();
});

test('the other language is taken at once and kept over a reload', async ({ lab, page, lang, words, request }) => {
  const other = lang === 'en' ? 'ko' : 'en';
  await page.getByRole('link', { name: words.otherLanguage }).click();
  const translated = new Lab(page, all[other], request);
  await expect(translated.actions.button('logIn')).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', other);
  await expect(lab.page.getByText(`lang = ${other}`)).toBeVisible();

  const html = await (await page.reload())?.text();
  expect(html).toContain(`<html lang="${other}"`);
  await translated.hydrated();
  await expect(translated.actions.button('logIn')).toBeVisible();
});

for (const theme of ['light', 'dark']) {
  test(`the ${theme} theme is taken at once and kept over a reload`, async ({ lab, page, words }) => {
    await page.emulateMedia({ colorScheme: theme === 'dark' ? 'light' : 'dark' });
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const before = await paper();
    await page.getByRole('combobox', { name: words.theme }).selectOption(theme);
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    const after = await paper();
    expect(after).not.toBe(before);

    await page.reload();
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    expect(await paper()).toBe(after);
    await lab.hydrated();
    await expect(page.getByRole('combobox', { name: words.theme })).toHaveValue(theme);
  });
}
