// The main paths of the page, walked in whatever browser as a visitor walks them. A step that does not come out throws.

import { enter, hydrated, press, SHOWN_SECONDS, until } from './page.mjs';

/** @typedef {import('./browsers.mjs').Browser} Browser */

/** Waits until the result line says this. @param {Browser} browser @param {string} words */
const said = (browser, words) =>
  until(browser, SHOWN_SECONDS, (words) => document.querySelector('[role="status"]')?.textContent?.includes(words) ?? false, words);

/** Waits until something can be seen. @param {Browser} browser @param {string} selector */
const shown = (browser, selector) =>
  until(browser, SHOWN_SECONDS, (selector) => document.querySelector(selector)?.checkVisibility() ?? false, selector);

/** @param {string} scheme @returns {(browser: Browser) => Promise<void>} */
const life = (scheme) => async (browser) => {
  await browser.click(`#scheme-${scheme}`);
  await press(browser, '#actions', 'Log in');
  await said(browser, 'alice');
  await press(browser, '#actions', 'Who am I?');
  await said(browser, 'You are alice');
  await press(browser, '#actions', 'Add to cart');
  await said(browser, '1 item');
  // The page is loaded again, and the login is still there.
  await browser.goto(await browser.evaluate(() => location.href));
  await hydrated(browser);
  await press(browser, '#actions', 'Who am I?');
  await said(browser, 'You are alice');
  await press(browser, '#actions', 'Log out');
  await press(browser, '#actions', 'Who am I?');
  await said(browser, '401');
};

/** Which path, and how it is walked from an open desk. @type {[string, (browser: Browser) => Promise<void>][]} */
const PATHS = [
  ['a life with a session cookie', life('session-cookie')],
  ['a life with a JWT in localStorage', life('token-storage')],
  [
    'another server does not know the session',
    async (browser) => {
      await browser.click('#scheme-session-cookie');
      await browser.click('#preset-problem');
      await press(browser, '#actions', 'Log in');
      await said(browser, 'alice');
      await press(browser, '#actions', 'Who am I?');
      await said(browser, '401');
      await browser.click('#preset-single');
    },
  ],
  [
    'a claim is tried, and put back',
    async (browser) => {
      await press(browser, '#guide', 'Session');
      await browser.click('#claim-session-steps > summary');
      await browser.click('#claim-session-steps button.primary');
      await until(browser, SHOWN_SECONDS, () => document.getElementById('tick-session-steps')?.textContent !== '');
      await press(browser, '#guide', 'Put back what was before');
      await said(browser, 'What you had before is there again');
    },
  ],
  [
    'results, slides, and back',
    async (browser) => {
      await press(browser, 'header', 'Results');
      await shown(browser, '#results');
      await browser.evaluate(() => history.back());
      await shown(browser, '#actions');
      await press(browser, 'header', 'Slides');
      await shown(browser, '.slide');
      await browser.evaluate(() => history.back());
      await shown(browser, '#actions');
    },
  ],
];

/** Walks them all, and returns how many. @param {Browser} browser @param {string} origin */
export async function walked(browser, origin) {
  await enter(browser, origin);
  for (const [name, walk] of PATHS)
    await walk(browser).catch((error) => {
      throw new Error(`${name}: ${error}`);
    });
  return PATHS.length;
}
