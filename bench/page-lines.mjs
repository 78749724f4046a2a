// What is held against what: the goals of the page. Figures go in, lines come out.

import { atLeast, atMost, UNITS } from './lines.mjs';
import { growth } from './page-memory.mjs';
import { percentile, ratios } from './statistics.mjs';

/** @typedef {import('./lines.mjs').Line} Line */
/** @typedef {import('./first-load.mjs').Fetched} Fetched */
/** @typedef {import('./lighthouse.mjs').Said} Said */
/** @typedef {import('./lighthouse.mjs').Form} Form */
/** What Lighthouse said of the two pages, round by round. @typedef {Record<Form, { ours: Said[], empty: Said[] }>} Rounds */

/** How many bytes. @param {readonly Fetched[]} load @param {'wire' | 'raw'} which */
const bytes = (load, which) => load.reduce((sum, fetched) => sum + fetched[which], 0);

/** WebAssembly that came before the visitor moved. @param {readonly Fetched[]} load */
export const wasm = (load) => load.filter(({ url }) => new URL(url).pathname.endsWith('.wasm'));

/** The load that takes more. @param {readonly (readonly Fetched[])[]} loads */
export const larger = (loads) => loads.reduce((most, load) => (bytes(load, 'wire') > bytes(most, 'wire') ? load : most));

/** @param {readonly (readonly Fetched[])[]} loads one a language @returns {Line[]} */
export function firstLoadLines(loads) {
  const unpacked = loads.map((load) => bytes(wasm(load), 'raw'));
  if (unpacked.some((raw) => raw === 0)) throw new Error('no WebAssembly came with the page');
  return [
    atMost('First load on the wire, all of it', 160, [Math.max(...loads.map((load) => bytes(load, 'wire'))) / 1000], UNITS.kb),
    atMost('WebAssembly of the first load, unpacked', 400, [Math.max(...unpacked) / 1000], UNITS.kb),
  ];
}

/** By form. A phone's is reckoned with a processor four times as slow, so a little may be missing. */
const PERFORMANCE = /** @type {const} */ ({ mobile: 0.99, desktop: 1 });
const OTHERS = /** @type {const} */ ([
  ['accessibility', 'accessibility'],
  ['best-practices', 'best practices'],
  ['seo', 'SEO'],
]);
const TIMES = /** @type {const} */ ([
  ['lcp', 'Largest contentful paint'],
  ['interactive', 'Time to interactive'],
]);

/** @param {Rounds} rounds @returns {Line[]} */
export function lighthouseLines({ mobile, desktop }) {
  const forms = /** @type {const} */ ([['mobile', mobile], ['desktop', desktop]]);
  if (mobile.ours.length !== desktop.ours.length) throw new Error(`${mobile.ours.length} rounds beside ${desktop.ours.length}`);
  /** Of both forms, round by round. @param {(said: Said) => number} figure @param {(...both: number[]) => number} worse */
  const ofBoth = (figure, worse) => mobile.ours.map((said, round) => worse(figure(said), ...desktop.ours.slice(round, round + 1).map(figure)));
  return [
    ...forms.map(([form, { ours }]) =>
      atLeast(`Lighthouse, performance, ${form}`, PERFORMANCE[form], ours.map(({ scores }) => scores.performance), UNITS.plain),
    ),
    ...OTHERS.map(([category, name]) => atLeast(`Lighthouse, ${name}`, 1, ofBoth(({ scores }) => scores[category], Math.min), UNITS.plain)),
    atMost('Cumulative layout shift', 0, ofBoth(({ shift }) => shift, Math.max), UNITS.plain),
    ...TIMES.flatMap(([figure, name]) =>
      forms.map(([form, { ours, empty }]) =>
        atMost(`${name}, ${form}, to an empty Leptos page`, 1.5, ratios(ours.map((said) => said[figure]), empty.map((said) => said[figure])), UNITS.times),
      ),
    ),
  ];
}

/** What takes from a score, each once. @param {Rounds} rounds */
export const wanting = (rounds) => {
  const all = Object.entries(rounds).flatMap(([form, { ours }]) => ours.flatMap((said) => said.wanting.map((what) => `${form}, ${what.replace(/ [\d.,]+(\s.*)?$/, '')}`)));
  return [...new Set(all)].sort();
};

/** So many of a hundred clicks. */
const MOST = 95;

/**
 * @param {{ carts: readonly (readonly number[])[], logOuts: readonly number[] }} took milliseconds
 * @param {number} least so many clicks, or nothing is said of them
 * @returns {Line[]}
 */
export function clickLines({ carts, logOuts }, least) {
  for (const { length } of [...carts, logOuts]) if (length < least) throw new Error(`only ${length} clicks`);
  const of = (/** @type {readonly number[]} */ clicks) => percentile(clicks, MOST);
  return [
    atMost(`From a click on *Log out* to all three places, ${MOST} of 100`, 50, [of(logOuts)], UNITS.ms),
    atMost(`From a click on *Add to cart* to the wire, the row and the status, ${MOST} of 100`, 50, carts.map(of), UNITS.ms),
  ];
}

/** @param {readonly number[]} tasks milliseconds, the longest of each crowd @param {string} requests @returns {Line} */
export const taskLine = (tasks, requests) => atMost(`The page's longest task, a crowd of ${requests} requests`, 50, tasks, UNITS.ms);

/** @param {readonly number[]} looks bytes @param {string} exchanges @returns {Line} */
export function memoryLine(looks, exchanges) {
  if (looks.length < 20) throw new Error(`only ${looks.length} looks at it`);
  return atMost(`The page's memory after ${exchanges} exchanges, to after half of them`, 1.1, [growth(looks)], UNITS.times);
}
