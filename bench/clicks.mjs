// From a click to what it shows: a visitor's own click, by the browser's clock, until the frame begins that shows it. The
// places are looked at whenever something in the page has changed.

import { startServer } from '../reliability/programs.mjs';
import { logIn, openLab, withBrowser } from './visit.mjs';

/** @typedef {import('./visit.mjs').Page} Page */

/** So many in all that the 95th of 100 is one of them. */
export const CLICKS = 100;

/** What has not shown by then does not show, in milliseconds. */
export const PATIENCE = 15_000;

/** Looks out for what a click does. @param {{ button: 'add-to-cart' | 'log-out', patience: number }} what */
function lookOut({ button, patience }) {
  const text = (/** @type {string} */ selector) => document.querySelector(selector)?.textContent ?? '';
  const credential = document.querySelector('#browser .held .chip')?.getAttribute('title');
  const newest = () => document.querySelector('#wire .exchange');
  const before = { newest: newest(), said: text('[role="status"]'), row: text('#server tbody tr td:nth-child(4)') };
  const isIn = (/** @type {string} */ place) => document.querySelector(`#${place} [title="${credential}"]`) !== null;
  if (!credential || !isIn('browser') || !isIn('server')) throw new Error('nobody is logged in');
  const path = button === 'log-out' ? '/api/logout' : '/api/cart';
  const onTheWire = () => newest() !== before.newest && newest()?.querySelector('.path')?.textContent === path;
  const isShown = {
    'add-to-cart': () => onTheWire() && text('[role="status"]') !== before.said && text('#server tbody tr td:nth-child(4)') !== before.row,
    'log-out': () => onTheWire() && text('[role="status"]') !== before.said && !isIn('browser') && !isIn('server'),
  }[button];
  if (isShown()) throw new Error(`${button} has nothing to show`);
  /** @type {Promise<number>} */
  const shown = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`${button} does not show`)), patience);
    document.addEventListener('click', ({ timeStamp }) => {
      new MutationObserver((_, observer) => {
        if (!isShown()) return;
        observer.disconnect();
        requestAnimationFrame(() => resolve(performance.now() - timeStamp));
      }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
    }, { capture: true, once: true });
  });
  Object.assign(window, { shown });
}

/** @param {Page} page @param {'add-to-cart' | 'log-out'} button @returns {Promise<number>} milliseconds */
async function click(page, button) {
  await page.evaluate(lookOut, { button, patience: PATIENCE });
  await page.locator(`#${button}`).click();
  return page.evaluate(() => /** @type {any} */ (window).shown);
}

/**
 * A log-out takes effect in all three places; but a login goes before each, with its password work, so there are as many in
 * all as one round has of the others. What is put into the cart shows on the wire, in the row and in the status line.
 * @param {number} rounds @returns {Promise<{ carts: number[][], logOuts: number[] }>} milliseconds, those of the cart round by round
 */
export async function clicks(rounds) {
  const server = await startServer([]);
  try {
    return await withBrowser(async (browser) => {
      const carts = [];
      const logOuts = [];
      for (let round = 0; round < rounds; round += 1) {
        const { page, close } = await openLab(browser, server.port);
        await logIn(page);
        await click(page, 'add-to-cart');
        const took = [];
        for (let n = 0; n < CLICKS; n += 1) took.push(await click(page, 'add-to-cart'));
        carts.push(took);
        await click(page, 'log-out');
        for (let n = 0; n < CLICKS / rounds; n += 1) {
          await logIn(page);
          logOuts.push(await click(page, 'log-out'));
        }
        await close();
      }
      return { carts, logOuts };
    });
  } finally {
    await server.stop();
  }
}
