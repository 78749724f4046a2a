// What is held against what: the goals of the requests, each within one run.

import { atLeast, atMost, notMeasured, UNITS } from './lines.mjs';
import { figures } from './rounds.mjs';
import { ratios } from './statistics.mjs';

/** @typedef {import('./rounds.mjs').Rounds} Rounds */

/** Memory and tokens, with their peers. */
const PAIRS = /** @type {const} */ ([
  ['memory', 'memory', 'tower', 'tower-sessions', 'express', 'express-session'],
  ['JWT', 'token', 'axum-token', 'axum + jsonwebtoken', 'express-token', 'Express + jsonwebtoken'],
]);

/** @param {Rounds} results @returns {import('./lines.mjs').Line[]} */
export function requestLines(results) {
  /** @param {string} these @param {string} those @param {'perSecond' | 'p99'} [figure] */
  const to = (these, those, figure = 'perSecond') => ratios(figures(results, these, figure), figures(results, those, figure));
  const ofPair = PAIRS.flatMap(([name, id, axum, axumName, node, nodeName]) => [
    atLeast(`Requests a second, ${name}, to axum alone`, 0.8, to(id, 'bare'), UNITS.times),
    atLeast(`Requests a second, ${name}, to ${axumName}`, 1, to(id, axum), UNITS.times),
    atLeast(`Requests a second, ${name}, to ${nodeName}`, 12, to(id, node), UNITS.times),
    atMost(`p99, ${name}, to axum alone`, 2, to(id, 'bare', 'p99'), UNITS.times),
  ]);
  const record = 'What the record costs, of requests a second';
  return [
    ...ofPair,
    atLeast('Requests a second, Redis, to tower-sessions with Redis', 1, to('redis', 'tower-redis'), UNITS.times),
    atLeast('Requests a second, Redis, to redis-benchmark GET', 0.5, to('redis', 'get'), UNITS.times),
    results.has('unrecorded')
      ? atMost(record, 0.1, to('memory', 'unrecorded').map((share) => 1 - share), UNITS.share)
      : notMeasured(record, '≤ 10 %', 'this server has no --record off'),
  ];
}
