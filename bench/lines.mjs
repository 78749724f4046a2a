// A line: what was measured, what it should be, what it is, and whether that will do. It is judged by the median of its
// rounds; the least and the most of them stand beside it.

import { median, spread } from './statistics.mjs';

/**
 * @typedef {object} Line
 * @property {string} what
 * @property {string} goal
 * @property {string} value
 * @property {string} spread
 * @property {string} verdict
 * @property {boolean} isMet
 */

/** How a number is written. @typedef {(value: number) => string} Unit */

const short = (/** @type {number} */ value) => value.toLocaleString('en-US', { maximumSignificantDigits: 3 });

/** @type {Record<'times' | 'share' | 'kb' | 'mb' | 'ms' | 'seconds' | 'minutes' | 'plain', Unit>} */
export const UNITS = {
  times: (value) => `${short(value)} ×`,
  share: (value) => `${short(value * 100)} %`,
  kb: (value) => `${short(value)} KB`,
  mb: (value) => `${short(value)} MB`,
  ms: (value) => `${short(value)} ms`,
  seconds: (value) => `${short(value)} s`,
  minutes: (value) => `${short(value)} min`,
  plain: short,
};

/** @param {string} what @param {string} sign @param {number} goal @param {readonly number[]} values @param {Unit} unit @param {(value: number) => boolean} isMet @returns {Line} */
function line(what, sign, goal, values, unit, isMet) {
  const value = median(values);
  if (!Number.isFinite(value)) throw new Error(`${what}: nothing was measured`);
  const [least, most] = spread(values);
  const isWell = isMet(value);
  return {
    ...{ what, goal: `${sign} ${unit(goal)}`, value: unit(value), isMet: isWell },
    spread: values.length > 1 ? `${unit(least)} to ${unit(most)}` : 'one look',
    verdict: isWell ? 'met' : `missed by ${unit(Math.abs(value - goal))}`,
  };
}

/** @param {string} what @param {number} goal @param {readonly number[]} values one a round @param {Unit} unit */
export const atLeast = (what, goal, values, unit) => line(what, '≥', goal, values, unit, (value) => value >= goal);

/** @param {string} what @param {number} goal @param {readonly number[]} values one a round @param {Unit} unit */
export const atMost = (what, goal, values, unit) => line(what, '≤', goal, values, unit, (value) => value <= goal);

/** What could not be measured here: that is no goal that is met. @param {string} what @param {string} goal @param {string} why @returns {Line} */
export const notMeasured = (what, goal, why) => ({ what, goal, value: '–', spread: '–', verdict: `not measured: ${why}`, isMet: false });
