// Slides: one claim at a time, for a room full of people.

import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import type { Words } from '../words.ts';

const slide = (page: Page, words: Words) => page.getByRole('region', { name: words.slides.title, exact: true });

test('a slide is told with the keyboard: prediction, measurement, reason', async ({ lab, words, page, complaints }) => {
  complaints.tolerate(/^Failed to load resource: /);
  complaints.tolerate(/^(Executing inline script violates|Content security policy: script-src-elem kept out inline)/);
  await lab.open(`/lab/${lab.id}?claim=http-only&slides=1`);
  const shown = slide(page, words);
  await expect(shown.getByRole('heading', { level: 2 })).toBeFocused();
  await expect(shown.locator('.predicted').first()).toHaveText('?');
  await page.keyboard.press('Space');
  await expect(shown.locator('.predicted').first()).not.toHaveText('?');
  await expect(shown.locator('.measured').first()).toHaveText('');
  await page.keyboard.press('ArrowRight');
  await expect(shown.locator('.measured.like')).toHaveCount(2, { timeout: 30_000 });
  await page.keyboard.press('ArrowRight');
  await expect(shown.locator('.reason')).toBeVisible();
  await page.keyboard.press('ArrowLeft');
  await expect(shown.locator('.reason')).toBeHidden();
  for (const place of ['browser', 'wire', 'server']) await expect(page.locator(`#${place}`)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(shown).toBeHidden();
  await expect(page.locator('#claim-http-only')).toHaveAttribute('open', '');
});

test('Back goes to the slide before, and then to the desk', async ({ lab, words, page }) => {
  await lab.open();
  await page.getByRole('button', { name: words.slides.title, exact: true }).click();
  const heading = slide(page, words).getByRole('heading', { level: 2 });
  const first = await heading.innerText();
  await page.locator('.slide footer .quiet').click();
  await expect(heading).not.toHaveText(first);
  await expect(page).toHaveURL(/claim=.*&slides=1$/);
  await page.goBack();
  await expect(heading).toHaveText(first);
  await page.goBack();
  await expect(heading).toBeHidden();
  await expect(page.locator('#actions')).toBeVisible();
  await page.goForward();
  await expect(heading).toHaveText(first);
});

test('a claim that there is not is the first one, and the page says so', async ({ lab, words, page }) => {
  await lab.open(`/lab/${lab.id}?claim=nonsense&lecture=1`);
  await expect(slide(page, words)).toBeVisible();
  await expect(lab.status).toContainText(words.slides.unknown);
});

test('what runs for minutes does not hold up the next slide', async ({ lab, words, page, complaints }) => {
  complaints.tolerate(/^Failed to load resource: /);
  await lab.open(`/lab/${lab.id}?claim=cookie-by-itself&slides=1`);
  const heading = slide(page, words).getByRole('heading', { level: 2 });
  const first = await heading.innerText();
  for (let step = 0; step < 4; step += 1) await page.keyboard.press('ArrowRight');
  await expect(heading).not.toHaveText(first);
});
