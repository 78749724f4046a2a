// Run all, pressed as a visitor presses it, in whatever browser.

/** @typedef {import('./browsers.mjs').Browser} Browser */

/**
 * What a comparison found, as the page's own JSON says it.
 * @typedef {{ experiment: string, scheme: string, question: string, words: string, setting: string,
 *   predicted: string, measured: string, verdict: string, measured_with: string }} Found
 */

/** Run all takes four to five minutes where nothing else runs, two of them waiting. */
const RUN_SECONDS = 1200;
/** A page that is busy may take a moment to show what was pressed. */
export const SHOWN_SECONDS = 30;

/**
 * Waits until something holds in the page.
 * @template {unknown[]} Args
 * @param {Browser} browser @param {number} seconds @param {(...args: Args) => boolean} holds @param {Args} args
 */
export async function until(browser, seconds, holds, ...args) {
  const end = Date.now() + seconds * 1000;
  while (!(await browser.evaluate(holds, ...args))) {
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${holds} ${args}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Marks the button of this name that can be seen, so that a selector finds it. @param {string} within @param {string} name */
function mark(within, name) {
  for (const marked of document.querySelectorAll('[data-marked]')) marked.removeAttribute('data-marked');
  const buttons = [...document.querySelectorAll(`${within} button`)];
  const found = buttons.find((button) => button.textContent?.trim() === name && !button.hasAttribute('disabled') && button.checkVisibility());
  found?.setAttribute('data-marked', '');
  return found !== undefined;
}

/** Presses the button of this name. @param {Browser} browser @param {string} within @param {string} name */
export async function press(browser, within, name) {
  await until(browser, SHOWN_SECONDS, mark, within, name);
  await browser.click('[data-marked]');
}

/** What the JSON button hands out: a link that is clicked, and never has to become a file. @param {Browser} browser */
async function exported(browser) {
  await browser.evaluate(() => {
    HTMLElement.prototype.click = function () {
      if (this instanceof HTMLAnchorElement) document.documentElement.dataset.exported = this.href;
    };
  });
  await press(browser, '#results', 'JSON');
  const url = await browser.evaluate(() => document.documentElement.dataset.exported ?? '');
  const report = JSON.parse(decodeURIComponent(url.slice(url.indexOf(',') + 1)));
  return /** @type {{ trials: Found[] }} */ (report).trials;
}

/** Opens a lab of its own, in English, and waits until it answers to clicks. @param {Browser} browser @param {string} origin */
export async function enter(browser, origin) {
  await browser.goto(`${origin}/`);
  const lab = await browser.evaluate(() => location.pathname);
  await browser.goto(`${origin}${lab}?lang=en`);
  await hydrated(browser);
}

/** @param {Browser} browser */
export const hydrated = (browser) => until(browser, SHOWN_SECONDS, () => 'hydrated' in document.documentElement.dataset);

/** Runs everything in a lab of its own, and returns each comparison, also one that was not measured. @param {Browser} browser @param {string} origin */
export async function answers(browser, origin) {
  await enter(browser, origin);
  await press(browser, 'header', 'Results');
  await press(browser, '#results', 'Run all');
  await until(browser, SHOWN_SECONDS, () => document.querySelector('.strip') !== null);
  await until(browser, RUN_SECONDS, () => document.querySelector('.strip') === null);
  return exported(browser);
}
