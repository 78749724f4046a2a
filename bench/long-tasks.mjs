// How long the page is busy without a break while it shows a crowd: the longest task of its main thread, as the browser
// traces it. Each longer one makes whoever clicks wait.

import { startServer } from '../reliability/programs.mjs';
import { CROWD } from './crowd.mjs';
import { openLab, withBrowser } from './visit.mjs';

/** @typedef {import('./visit.mjs').Page} Page */
/** @typedef {import('./visit.mjs').Browser} Browser */

/** A line of a trace. @typedef {{ name: string, pid: number, tid: number, dur?: number, args?: { name?: string } }} Traced */

/** As the browser calls a task: the first in what it always traces, the other in what its timeline is made of. */
const TASKS = ['ThreadControllerImpl::RunTask', 'RunTask'];

/** The longest task of a page's main thread, in milliseconds. @param {{ traceEvents: readonly Traced[] }} trace */
export function longest({ traceEvents }) {
  const named = traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain');
  const mains = new Set(named.map(({ pid, tid }) => `${pid} ${tid}`));
  const tasks = traceEvents.filter(({ name, pid, tid }) => TASKS.includes(name) && mains.has(`${pid} ${tid}`));
  if (tasks.length === 0) throw new Error('no task of a page was traced');
  return tasks.reduce((most, { dur = 0 }) => Math.max(most, dur), 0) / 1000;
}

/** @param {Browser} browser @param {Page} page @param {() => Promise<void>} does */
async function longestWhile(browser, page, does) {
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] });
  await does();
  return longest(JSON.parse((await browser.stopTracing()).toString()));
}

/** Sends a crowd as a visitor does, and waits until the page shows what came of it. @param {Page} page */
async function send(page) {
  const answered = page.waitForResponse((response) => response.url().endsWith('/control/crowd'));
  await page.locator('.crowd .primary').click();
  const { logins, stopped, outcomes } = await (await answered).json();
  if (stopped || logins !== CROWD.visitors || outcomes.known !== CROWD.requests) throw new Error('a crowd did not come through');
  await page.locator('.crowd .primary:not([aria-disabled])').waitFor();
}

/** @param {number} rounds a crowd in each @returns {Promise<number[]>} milliseconds, round by round */
export async function longTasks(rounds) {
  const server = await startServer([]);
  try {
    return await withBrowser(async (browser) => {
      const most = [];
      for (let round = 0; round < rounds; round += 1) {
        const { page, close } = await openLab(browser, server.port);
        await page.locator('#crowd').click();
        await page.locator('#visitors').fill(`${CROWD.visitors}`);
        await page.locator('#requests').fill(`${CROWD.requests}`);
        await page.locator('#pace').selectOption('0');
        // That a long one is seen at all.
        const busy = () => page.evaluate(() => { for (const end = performance.now() + 200; performance.now() < end; ); });
        const seen = await longestWhile(browser, page, busy);
        if (seen < 200) throw new Error(`a task of 200 ms was traced as ${seen}`);
        most.push(await longestWhile(browser, page, () => send(page)));
        await close();
      }
      return most;
    });
  } finally {
    await server.stop();
  }
}
