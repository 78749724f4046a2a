// Whether a process that ran for long is as it was. Figures go in, and what is wrong comes out; trend.test.mjs shows that it can.

/**
 * A look at the process.
 * @typedef {object} Sample
 * @property {number} at seconds from the start
 * @property {number} memory kB, as the system gives it (VmRSS)
 * @property {number} descriptors
 * @property {number} threads
 * @property {number} labs
 * @property {number} streams
 * @property {number} crowds
 * @property {number} sessions in the memory of labs' own servers
 * @property {number} underWay requests of the lesson
 */

/** What was done. @typedef {Record<'requests' | 'labs' | 'streams' | 'crowds' | 'pages', number>} Done */

/**
 * What has to be done in a minute at the least, or nothing is said of anything.
 * @type {Readonly<Done>}
 */
export const LEAST = { requests: 6000, labs: 15, streams: 30, crowds: 1, pages: 30 };

/**
 * So much more may be in use in the last third than in the one before. The first third is left out: buffers, arenas of the
 * allocator and the record of labs fill then. What leaks with every request or lab has leaked half as much again by the last third.
 */
export const GROWTH = 1.1;
/** What comes and goes by chance: a few connections, a few threads that wait for a file or a password. */
const SLACK = { memory: 0, descriptors: 8, threads: 3 };
/** So many descriptors more than at the start are kept for stores: their connections stay open for the next one. */
export const KEPT = 34;
/** So many threads may wait for more work before they end. */
export const IDLE_THREADS = 2;

/** @param {readonly number[]} values */
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The means of a figure over each third. @param {readonly Sample[]} samples @param {'memory' | 'descriptors' | 'threads'} what */
export function thirds(samples, what) {
  const third = Math.floor(samples.length / 3);
  const values = samples.map((sample) => sample[what]);
  return /** @type {const} */ ([mean(values.slice(0, third)), mean(values.slice(third, -third)), mean(values.slice(-third))]);
}

/**
 * @param {Sample} start @param {readonly Sample[]} samples while it was used @param {Sample} rest when everybody is gone
 * @param {Done} done @param {number} minutes
 * @returns {string[]}
 */
export function wrongs(start, samples, rest, done, minutes) {
  const what = /** @type {(keyof Done)[]} */ (Object.keys(LEAST));
  const little = what.filter((name) => done[name] < LEAST[name] * minutes).map((name) => `only ${done[name]} ${name}`);
  if (samples.length < 9) return [...little, `only ${samples.length} looks at it`];
  const grown = /** @type {const} */ (['memory', 'descriptors', 'threads']).flatMap((name) => {
    const [, second, last] = thirds(samples, name);
    return last > second * GROWTH + SLACK[name] ? [`${name} grew from ${Math.round(second)} to ${Math.round(last)}`] : [];
  });
  const left = /** @type {const} */ (['labs', 'streams', 'crowds', 'sessions', 'underWay']).filter((name) => rest[name] > 0);
  return [
    ...little,
    ...grown,
    ...left.map((name) => `${rest[name]} ${name} are left`),
    ...(rest.descriptors > start.descriptors + KEPT ? [`${rest.descriptors} descriptors, and ${start.descriptors} at the start`] : []),
    ...(rest.threads > start.threads + IDLE_THREADS ? [`${rest.threads} threads, and ${start.threads} at the start`] : []),
  ];
}
