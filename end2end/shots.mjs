// Pictures of the page at work: npm run shots -- http://localhost:3000 /tmp/shots
//
// One a size, theme and language, of the whole page, with a login and a cart.

import { chromium } from '@playwright/test';
import { join } from 'node:path';
import { launchOptions } from './browser.mjs';

const [url, folder] = process.argv.slice(2);
if (!url || !folder) {
  console.error('usage: npm run shots -- URL FOLDER');
  process.exit(1);
}

const browser = await chromium.launch(launchOptions());
for (const width of [1440, 390]) {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    for (const locale of ['en', 'ko']) {
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, locale });
      const page = await context.newPage();
      await page.goto(url);
      await page.locator('html[data-hydrated]').waitFor({ state: 'attached' });
      for (const route of ['login', 'cart']) {
        const answered = page.waitForResponse((response) => response.url().endsWith(`/api/${route}`));
        await page.locator(`form[action*="/api/${route}?"] button`).click();
        await answered;
      }
      await page.getByText('/api/cart', { exact: true }).waitFor();
      const path = join(folder, `${width}-${colorScheme}-${locale}.png`);
      await page.screenshot({ path, fullPage: true, animations: 'disabled' });
      console.log(path);
      await context.close();
    }
  }
}
await browser.close();
