// The part `page` of `make bench`: what a visitor waits for, and what it takes of their machine.

import { startServer } from '../reliability/programs.mjs';
import { grouped } from '../reliability/report.mjs';
import { CLICKS, clicks } from './clicks.mjs';
import { CROWD } from './crowd.mjs';
import { startEmpty } from './empty.mjs';
import { firstLoads } from './first-load.mjs';
import { FORMS, lighthouse } from './lighthouse.mjs';
import { longTasks } from './long-tasks.mjs';
import { clickLines, firstLoadLines, larger, lighthouseLines, memoryLine, taskLine, wanting } from './page-lines.mjs';
import { pageMemory } from './page-memory.mjs';
import { turned } from './statistics.mjs';
import { answers, newTab, withBrowser } from './visit.mjs';

/** @typedef {import('./lines.mjs').Line} Line */
/** @typedef {import('./page-lines.mjs').Rounds} Rounds */

/**
 * What came of it: its lines, the first load, and what took from a score.
 * @typedef {{ lines: Line[], load: import('./first-load.mjs').Fetched[], wanting: string[] }} Page
 */

/** That a page is what it says: what does not start costs less. @param {string} url */
const hydrates = (url) =>
  withBrowser(async (browser) => {
    const { page, close } = await newTab(browser);
    await page.goto(url);
    await answers(page);
    await close();
  });

/** Ours and the empty one by turns. @param {string} ours @param {string} empty @param {number} rounds @returns {Promise<Rounds>} */
async function looks(ours, empty, rounds) {
  /** @type {Rounds} */
  const said = { mobile: { ours: [], empty: [] }, desktop: { ours: [], empty: [] } };
  for (let round = 0; round < rounds; round += 1) {
    for (const form of FORMS)
      for (const [who, url] of turned(/** @type {const} */ ([['ours', ours], ['empty', empty]]), round)) said[form][who].push(await lighthouse(url, form));
    console.log(`  Lighthouse, round ${round + 1} of ${rounds}`);
  }
  return said;
}

/** @param {number} rounds @param {number} exchanges @returns {Promise<Page>} */
export async function page(rounds, exchanges) {
  const server = await startServer([]);
  const empty = await startEmpty();
  try {
    const ours = `http://localhost:${server.port}/`;
    const loads = Object.values(await firstLoads(server.port));
    const seen = await looks(ours, empty.url, rounds);
    for (const url of [ours, empty.url]) await hydrates(url);
    /** Each as soon as it is there: it takes minutes. @param {Line[]} lines */
    const told = (lines) => {
      for (const { what, value, verdict } of lines) console.log(`  ${what}: ${value}, ${verdict}`);
      return lines;
    };
    const lines = [
      ...told(firstLoadLines(loads)),
      ...told(lighthouseLines(seen)),
      ...told(clickLines(await clicks(rounds), CLICKS)),
      ...told([taskLine(await longTasks(rounds), grouped(CROWD.requests))]),
      ...told([memoryLine(await pageMemory(exchanges), grouped(exchanges))]),
    ];
    if (server.wrongs.length > 0) throw new Error(server.wrongs.join('\n'));
    return { lines, load: [...larger(loads)], wanting: wanting(seen) };
  } finally {
    empty.stop();
    await server.stop();
  }
}
