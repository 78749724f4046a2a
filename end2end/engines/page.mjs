// The page's experiments, as a visitor runs them, in whatever browser.

/**
 * What one comparison found, as the page exports it.
 * @typedef {{ experiment: string, scheme: string, question: string, setting: string, predicted: string | null,
 *   measured: string | null, verdict: string, failure?: string }} Found
 */

const SECOND = 1000;

/** Waits until the page says so. @param {import('./browsers.mjs').Browser} browser @param {() => boolean} holds @param {number} seconds */
async function until(browser, holds, seconds) {
  const end = Date.now() + seconds * SECOND;
  while (!(await browser.evaluate(holds))) {
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
