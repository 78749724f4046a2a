// The page's experiments, run as a visitor runs them, in whatever browser.

/** @typedef {import('./browsers.mjs').Browser} Browser */

/**
 * What a comparison found, as the page's own JSON says it.
 * @typedef {{ experiment: string, scheme: string, question: string, words: string, setting: string,
 *   predicted: string, measured: string, verdict: string }} Found
 */

/** Longer than any one experiment: some wait two minutes, and once more for each cookie's age. */
const RUN_SECONDS = 420;
/** A run begins with the click; a page that is busy may take a moment to show it. */
const BEGIN_SECONDS = 10;

/** Waits until something holds in the page. @param {Browser} browser @param {() => boolean} holds @param {number} seconds */
async function until(browser, holds, seconds) {
  const end = Date.now() + seconds * 1000;
  while (!(await browser.evaluate(holds))) {
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Whether the experiment can be asked of the scheme that the page stands on. @param {string} button */
function canRun(button) {
  const found = document.querySelector(button);
  if (!found) throw new Error(`there is no ${button}`);
  return found.closest('[hidden]') === null;
}

/** Notes when a run begins: a short one may be over before anybody looks. */
function watch() {
  const root = document.documentElement;
  delete root.dataset.begun;
  const observer = new MutationObserver(() => {
    if (!document.querySelector('.strip')) return;
    root.dataset.begun = '';
    observer.disconnect();
  });
  observer.observe(document.body, { childList: true, subtree: true });
}

/** Runs an experiment to its end. @param {Browser} browser @param {string} button */
async function run(browser, button) {
  await browser.evaluate(watch);
  await browser.click(button);
  await until(browser, () => 'begun' in document.documentElement.dataset, BEGIN_SECONDS);
  await until(browser, () => !document.querySelector('.strip'), RUN_SECONDS);
}

/** What the JSON button hands out: a link that is clicked, and never has to become a file. @param {Browser} browser */
async function exported(browser) {
  await browser.evaluate(() => {
    HTMLElement.prototype.click = function () {
      if (this instanceof HTMLAnchorElement) document.documentElement.dataset.exported = this.href;
    };
  });
  await browser.click('#verdict .export button:nth-of-type(3)');
  const url = await browser.evaluate(() => document.documentElement.dataset.exported ?? '');
  const report = JSON.parse(decodeURIComponent(url.slice(url.indexOf(',') + 1)));
  return /** @type {{ trials: Found[] }} */ (report).trials;
}

/**
 * Runs experiments with a scheme in a lab of their own. Returns each comparison of them, also one that was not measured.
 * @param {Browser} browser @param {string} origin @param {string} scheme @param {string[]} experiments
 */
export async function answers(browser, origin, scheme, experiments) {
  await browser.goto(`${origin}/`);
  const lab = await browser.evaluate(() => location.pathname);
  await browser.goto(`${origin}${lab}?lang=en&scheme=${scheme}`);
  await until(browser, () => 'hydrated' in document.documentElement.dataset, 30);
  /** @type {string[]} */
  const asked = [];
  for (const experiment of experiments) {
    const button = `#experiment-${experiment} .buttons button`;
    if (!(await browser.evaluate(canRun, button))) continue;
    asked.push(experiment);
    await run(browser, button);
  }
  const found = (await exported(browser)).filter((one) => one.scheme === scheme && experiments.includes(one.experiment));
  const missing = asked.filter((experiment) => !found.some((one) => one.experiment === experiment));
  if (missing.length) throw new Error(`the page says nothing of ${missing.join(', ')}`);
  return found;
}
