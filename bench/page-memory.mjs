// Whether the page grows while it is used: its memory, scripts' and wasm's, while it does one exchange after the other.

import { startServer } from '../reliability/programs.mjs';
import { PATIENCE } from './clicks.mjs';
import { median } from './statistics.mjs';
import { logIn, openLab, withBrowser } from './visit.mjs';

/** How often it is looked at. */
const LOOKS = 40;

/** How much more it has in the end than in the middle, by a tenth of the looks at each. @param {readonly number[]} looks */
export function growth(looks) {
  const [half, tenth] = [Math.floor(looks.length / 2), Math.floor(looks.length / 10)];
  return median(looks.slice(-tenth)) / median(looks.slice(half, half + tenth));
}

/** So many clicks wait for their turn at once: fewer than the wire shows, so that it shows each. */
const AT_ONCE = 10;

/** Asks some times who is logged in, and waits until the wire has shown each time. @param {{ times: number, patience: number }} how */
async function ask({ times, patience }) {
  const button = /** @type {HTMLElement} */ (document.getElementById('who-am-i'));
  const list = /** @type {HTMLElement} */ (document.querySelector('#wire .exchanges'));
  const shown = new Set();
  await new Promise((/** @type {(_: void) => void} */ resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the wire shows ${shown.size} of ${times}`)), patience);
    new MutationObserver((changes, observer) => {
      for (const { addedNodes } of changes) addedNodes.forEach((node) => node.nodeName === 'LI' && shown.add(node));
      if (shown.size < times) return;
      observer.disconnect();
      clearTimeout(late);
      resolve();
    }).observe(list, { childList: true });
    for (let n = 0; n < times; n += 1) button.click();
  });
}

/** How much memory wasm has: of the instance that runs, which its script hands out to whoever starts it again. */
async function ofWasm() {
  const script = /** @type {HTMLLinkElement} */ (document.querySelector('link[rel="modulepreload"]'));
  const { memory } = await (await import(script.href)).default();
  return memory.buffer.byteLength;
}

/** @param {number} exchanges @returns {Promise<number[]>} bytes, look by look */
export async function pageMemory(exchanges) {
  const server = await startServer([]);
  try {
    return await withBrowser(async (browser) => {
      const { page, close } = await openLab(browser, server.port);
      await logIn(page);
      const inside = await page.context().newCDPSession(page);
      await inside.send('Performance.enable');
      const looks = [];
      for (let look = 0; look < LOOKS; look += 1) {
        for (let n = 0; n < exchanges / LOOKS; n += AT_ONCE) await page.evaluate(ask, { times: AT_ONCE, patience: PATIENCE });
        await inside.send('HeapProfiler.collectGarbage');
        const { metrics } = await inside.send('Performance.getMetrics');
        const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? NaN;
        looks.push(heap + (await page.evaluate(ofWasm)));
      }
      await close();
      return looks;
    });
  } finally {
    await server.stop();
  }
}
