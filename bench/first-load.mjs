// What comes over the wire before the visitor moves: all of it, as the browser counts it, heads of answers included.

import { answers, newTab, withBrowser } from './visit.mjs';

export const LANGS = /** @type {const} */ (['en', 'ko']);

/** Nothing may be under way for so long before all is counted, in milliseconds. */
const QUIET = 500;

/**
 * A file, or whatever else was fetched.
 * @typedef {object} Fetched
 * @property {string} url
 * @property {string} type as the browser calls it: Document, Script, EventSource …
 * @property {number} wire bytes on the wire
 * @property {number} raw bytes when unpacked
 * @property {boolean} isOver
 */

/** What a visitor with this language fetches. @param {import('./visit.mjs').Browser} browser @param {string} url @param {string} lang @returns {Promise<Fetched[]>} */
async function fetched(browser, url, lang) {
  const { page, close } = await newTab(browser, lang);
  const network = await page.context().newCDPSession(page);
  /** @type {Map<string, Fetched>} */
  const all = new Map();
  let sent = 0;
  /** Of an address that leads on, the same request goes on. */
  let before = 0;
  let changed = performance.now();
  const of = (/** @type {{ requestId: string }} */ { requestId }) => {
    changed = performance.now();
    return all.get(requestId);
  };
  network.on('Network.requestWillBeSent', ({ requestId, request, type = 'Other', redirectResponse }) => {
    changed = performance.now();
    sent += 1;
    before += redirectResponse?.encodedDataLength ?? 0;
    all.set(requestId, { url: request.url, type, wire: 0, raw: 0, isOver: false });
  });
  network.on('Network.responseReceived', (event) => {
    const one = of(event);
    // Of what never ends, the head at once.
    if (one && event.type === 'EventSource') Object.assign(one, { wire: event.response.encodedDataLength, isOver: true });
  });
  network.on('Network.dataReceived', (event) => {
    const one = of(event);
    if (!one) return;
    one.raw += event.dataLength;
    if (one.type === 'EventSource') one.wire += event.encodedDataLength || event.dataLength;
  });
  network.on('Network.loadingFinished', (event) => {
    const one = of(event);
    if (one) Object.assign(one, { wire: event.encodedDataLength, isOver: true });
  });
  network.on('Network.loadingFailed', ({ requestId, errorText }) => {
    throw new Error(`${all.get(requestId)?.url} did not come: ${errorText}`);
  });
  await network.send('Network.enable');
  await page.goto(url);
  await answers(page);
  const isQuiet = () => [...all.values()].every(({ isOver }) => isOver) && performance.now() - changed > QUIET;
  while (!isQuiet()) await page.evaluate(() => new Promise(requestAnimationFrame));
  await network.detach();
  await close();
  if (sent === 0) throw new Error('nothing was fetched');
  return [...all.values(), { url, type: 'Redirect', wire: before, raw: 0, isOver: true }];
}

/** What both languages fetch. @param {number} port @returns {Promise<Record<typeof LANGS[number], Fetched[]>>} */
export const firstLoads = (port) =>
  withBrowser(async (browser) => {
    const url = `http://localhost:${port}/`;
    return { en: await fetched(browser, url, 'en'), ko: await fetched(browser, url, 'ko') };
  });
