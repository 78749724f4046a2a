// A line is judged by its median, and says by how much it misses.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestLines } from './goals.mjs';
import { atLeast, atMost, notMeasured, UNITS } from './lines.mjs';
import { median, ratios, spread, turned } from './statistics.mjs';

test('the median is the one in the middle, or between the two', () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([10, 2, 9, 1]), 5.5);
  assert.ok(Number.isNaN(median([])));
  assert.deepEqual(spread([3, 1, 2]), [1, 3]);
});

test('a ratio is taken within its round', () => {
  assert.deepEqual(ratios([10, 30], [20, 40]), [0.5, 0.75]);
  assert.throws(() => ratios([1, 2], [1]), /2 rounds beside 1/);
});

test('each comes first once, and all come in each round', () => {
  assert.deepEqual([0, 1, 2, 3].map((round) => turned(['a', 'b', 'c'], round).join('')), ['abc', 'bca', 'cab', 'abc']);
});

test('one bad round does not miss a goal, and one good one does not meet it', () => {
  assert.deepEqual(atLeast('rate', 0.8, [0.1, 0.8, 0.9], UNITS.times), {
    ...{ what: 'rate', goal: '≥ 0.8 ×', value: '0.8 ×', spread: '0.1 × to 0.9 ×', verdict: 'met', isMet: true },
  });
  assert.equal(atLeast('rate', 0.8, [0.1, 0.7, 0.9], UNITS.times).verdict, 'missed by 0.1 ×');
  assert.equal(atMost('cost', 0.25, [0.1, 0.31, 0.9], UNITS.share).verdict, 'missed by 6 %');
  assert.equal(atMost('cost', 0.25, [0.25], UNITS.share).verdict, 'met');
  assert.equal(atMost('memory', 200, [365.2], UNITS.kb).value, '365 KB');
});

test('what was not measured meets no goal', () => {
  assert.equal(notMeasured('record', '≤ 10 %', 'no flag').isMet, false);
  assert.throws(() => atMost('p99', 2, [], UNITS.times), /nothing was measured/);
  assert.throws(() => atLeast('rate', 1, [NaN], UNITS.times), /nothing was measured/);
});

/** Three rounds in which each has so many requests a second. @param {Record<string, number>} rates */
const results = (rates) =>
  new Map(Object.entries(rates).map(([id, perSecond]) => [id, Array(3).fill({ perSecond, p50: 1, p99: 100_000 / perSecond })]));

const PEERS = { bare: 100, tower: 80, 'axum-token': 80, express: 5, 'express-token': 5, 'tower-redis': 40, get: 50 };

test('each goal of the requests can be met, and each can be missed', () => {
  const good = requestLines(results({ ...PEERS, memory: 90, token: 90, redis: 45, unrecorded: 95 }));
  assert.deepEqual(good.filter(({ isMet }) => !isMet), []);
  const bad = requestLines(results({ ...PEERS, memory: 40, token: 40, redis: 20, unrecorded: 60 }));
  assert.equal(bad.length, good.length);
  assert.deepEqual(bad.filter(({ isMet }) => isMet), []);
});

test('without a server that keeps no record the line stands there, and is not met', () => {
  const lines = requestLines(results({ ...PEERS, memory: 90, token: 90, redis: 45 }));
  assert.match(lines.find(({ what }) => what.includes('record'))?.verdict ?? '', /^not measured/);
});
