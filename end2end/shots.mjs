// Pictures of the page at work: npm run shots -- http://localhost:3000 /tmp/shots
//
// The desk after a login and a cart, the results after Run all, and a slide; one a size, theme and language. They are
// all of one lab, for Run all takes some minutes.

import { chromium } from '@playwright/test';
import { join } from 'node:path';
import { launchOptions } from './browser.mjs';

const [url, folder] = process.argv.slice(2);
if (!url || !folder) {
  console.error('usage: npm run shots -- URL FOLDER');
  process.exit(1);
}

const CLAIM = 'http-only';

const browser = await chromium.launch(launchOptions());
const lab = await measured();
for (const [width, height] of [
  [1440, 900],
  [1280, 720],
  [390, 844],
]) {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    for (const locale of ['en', 'ko']) {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale });
      const page = await context.newPage();
      const picture = async (/** @type {string} */ room) => {
        const path = join(folder, `${room}-${width}-${colorScheme}-${locale}.png`);
        await page.screenshot({ path, animations: 'disabled' });
        console.log(path);
      };
      await open(page, lab);
      for (const route of ['login', 'cart']) {
        const answered = page.waitForResponse((response) => response.url().endsWith(`/api/${route}`));
        await page.locator(`form[action*="/api/${route}?"] button`).click();
        await answered;
      }
      await page.getByText('/api/cart', { exact: true }).first().waitFor();
      await picture('desk');
      await open(page, `${lab}?results=1`);
      // What the lab keeps comes after the page.
      await page.locator('#results td button').first().waitFor();
      await picture('results');
      await open(page, `${lab}?claim=${CLAIM}&slides=1`);
      await page.locator('#slide-title').waitFor();
      // What was measured is there once the button says so.
      await page.keyboard.press('Space');
      await page.locator('#slides .primary').filter({ hasText: locale === 'ko' ? '결과' : 'Show' }).waitFor();
      for (let step = 0; step < 2; step++) await page.keyboard.press('Space');
      await picture('slide');
      await context.close();
    }
  }
}
await browser.close();

/** A lab in which everything is measured. */
async function measured() {
  const page = await browser.newPage();
  await open(page, `${url}?results=1`);
  await page.locator('#results .primary').click();
  await page.locator('#stop-run').waitFor();
  await page.locator('#stop-run').waitFor({ state: 'detached', timeout: 600_000 });
  const { origin, pathname } = new URL(page.url());
  await page.close();
  return origin + pathname;
}

async function open(/** @type {import('@playwright/test').Page} */ page, /** @type {string} */ address) {
  await page.goto(address);
  await page.locator('html[data-hydrated]').waitFor({ state: 'attached' });
}
