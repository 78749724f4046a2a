// What judges `make soak` can fail: here is a process that leaks.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LEAST, thirds, wrongs } from './trend.mjs';

/** @type {import('./trend.mjs').Sample} */
const REST = { at: 0, memory: 50_000, descriptors: 20, threads: 6, labs: 0, streams: 0, crowds: 0, sessions: 0, underWay: 0 };
const MINUTES = 10;
const DONE = Object.fromEntries(Object.entries(LEAST).map(([name, least]) => [name, least * MINUTES]));
/** @param {Partial<import('./trend.mjs').Sample>} less @param {(n: number) => object} more */
const looks = (less, more) => Array.from({ length: 120 }, (_, n) => ({ ...REST, ...less, ...more(n) }));

/** @param {readonly import('./trend.mjs').Sample[]} samples @param {object} [rest] @param {object} [done] */
const found = (samples, rest, done) =>
  wrongs(REST, samples, { ...REST, ...rest }, /** @type {import('./trend.mjs').Done} */ ({ ...DONE, ...done }), MINUTES);

test('a process that fills up at first and then stays as it is, is well', () => {
  const steady = looks({}, (n) => ({ memory: 80_000 + Math.min(n, 40) * 1000 + (n % 7) * 2000 }));
  assert.deepEqual(found(steady), []);
});

test('what grows goes on growing in the last third', () => {
  assert.deepEqual(found(looks({}, (n) => ({ memory: 80_000 + n * 500 }))), ['memory grew from 109750 to 129750']);
  assert.deepEqual(found(looks({}, (n) => ({ descriptors: 30 + n }))), ['descriptors grew from 90 to 130']);
  assert.deepEqual(found(looks({}, (n) => ({ threads: 6 + Math.floor(n / 8) }))), ['threads grew from 13 to 18']);
});

test('whatever is left when everybody is gone is wrong', () => {
  const steady = looks({}, () => ({}));
  for (const what of ['labs', 'streams', 'crowds', 'sessions', 'underWay']) assert.deepEqual(found(steady, { [what]: 1 }), [`1 ${what} are left`]);
  assert.deepEqual(found(steady, { descriptors: 55 }), ['55 descriptors, and 20 at the start']);
  assert.deepEqual(found(steady, { threads: 9 }), ['9 threads, and 6 at the start']);
});

test('nothing is well that was not looked at, or in which too little was done', () => {
  for (const what of Object.keys(LEAST)) assert.match(found(looks({}, () => ({})), {}, { [what]: 0 })[0] ?? '', new RegExp(`^only 0 ${what}`));
  assert.deepEqual(found(looks({}, () => ({})).slice(0, 8)), ['only 8 looks at it']);
});

test('a third is a third', () => {
  const samples = [1, 1, 1, 5, 5, 5, 9, 9, 9].map((memory) => ({ ...REST, memory }));
  assert.deepEqual(thirds(samples, 'memory'), [1, 5, 9]);
});
