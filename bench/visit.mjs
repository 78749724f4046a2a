// A visitor's browser, as the page's figures need one.

import { launch } from '../end2end/browser.mjs';

/** @typedef {import('../end2end/browser.mjs').Browser} Browser */
/** @typedef {import('../end2end/browser.mjs').Page} Page */

/** All three places are in sight at once. */
const viewport = { width: 1440, height: 900 };

/** Does something with a browser, which ends then. @template T @param {(browser: Browser) => Promise<T>} does @param {string[]} [args] */
export async function withBrowser(does, args) {
  const browser = await launch(args);
  try {
    return await does(browser);
  } finally {
    await browser.close();
  }
}

/** Waits until the page answers to clicks. @param {Page} page */
export const answers = (page) => page.locator('html[data-hydrated]').waitFor({ state: 'attached' });

/** A tab of its own. What the page complains of ends the run. @param {Browser} browser @param {string} [locale] */
export async function newTab(browser, locale = 'en') {
  const context = await browser.newContext({ viewport, locale });
  const page = await context.newPage();
  /** @type {string[]} */
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  return {
    page,
    async close() {
      await context.close();
      if (complaints.length > 0) throw new Error(`the page complained: ${complaints.join('\n')}`);
    },
  };
}

/** Opens a lab of its own, and waits until it answers to clicks. @param {Browser} browser @param {number} port */
export async function openLab(browser, port) {
  const tab = await newTab(browser);
  await tab.page.goto(`http://localhost:${port}/`);
  await answers(tab.page);
  return tab;
}

/** Logs in, and waits until the third place shows it. What the first move fetches is there then. @param {Page} page */
export async function logIn(page) {
  await page.locator('#log-in').click();
  await page.locator('#server tbody .chip').waitFor();
  await page.locator('#browser .held .chip').waitFor();
}

