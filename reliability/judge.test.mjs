// Each check that judges the answers of `make faults` can fail: here are the answers at which it has to.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge, met, quantile, RECOVERY, verdict } from './judge.mjs';
import { withPart } from './report.mjs';

/** @typedef {import('./judge.mjs').Asked} Asked */
/** @typedef {import('./judge.mjs').Answer} Answer */
/** @typedef {import('./judge.mjs').Effect} Effect */

const SPAN = { begin: 10_000, end: 20_000 };
const BEFORE = 5000;
const DURING = 15_000;
const RECOVERING = SPAN.end + RECOVERY / 2;
const AFTER = SPAN.end + RECOVERY + 1;

/** @type {Asked} */
const ASKED = {
  what: 'me',
  credential: { value: 'x', since: 0 },
  user: 'alice',
  has: new Set(['v1-1']),
  mayHave: new Set(['v1-2']),
  unsure: false,
  ends: true,
  lag: 0,
};
const OVER = { ...ASKED, credential: { value: 'x', since: 0, over: 4000 } };

/** @param {number} status @param {number} at @param {object} [body] @param {string} [retryAfter] @returns {Answer} */
const answer = (status, at, body = {}, retryAfter) => ({ status, body: JSON.stringify(body), retryAfter, sent: at, received: at + 5 });
/** @param {number} at @param {string} name @param {string[]} cart */
const me = (at, name, cart) => answer(200, at, { user: { name }, cart });
/** @param {Asked} asked @param {Answer} answer @param {Effect} [effect] */
const kind = (asked, answer, effect) => judge(asked, answer, effect, SPAN)?.kind;

test('who is answered as themselves, with their own cart, has nothing to complain about', () => {
  for (const cart of [['v1-1'], ['v1-1', 'v1-2']]) assert.equal(kind(ASKED, me(BEFORE, 'alice', cart)), undefined);
});

test('another name is somebody else, also while everything is broken', () => {
  assert.equal(kind(ASKED, me(DURING, 'bob', ['v1-1']), { away: 'store', loses: true, cuts: 'process' }), 'somebody else');
  assert.equal(kind({ ...ASKED, what: 'login' }, answer(200, BEFORE, { user: { name: 'carol' } })), 'somebody else');
});

test("another one's item is somebody else, though the name is the same", () => {
  assert.equal(kind(ASKED, me(BEFORE, 'alice', ['v1-1', 'v2-1'])), 'somebody else');
});

test('an item that was put there and is gone is lost, unless nobody knows whether the cart was emptied', () => {
  assert.equal(kind(ASKED, me(BEFORE, 'alice', [])), 'lost item');
  assert.equal(kind({ ...ASKED, unsure: true }, me(BEFORE, 'alice', [])), undefined);
});

test('a login that is over is revived by any 200, whenever and whatever is broken', () => {
  for (const at of [BEFORE, DURING, RECOVERING, AFTER]) {
    assert.equal(kind(OVER, me(at, 'alice', ['v1-1']), { away: 'store', loses: true, cuts: 'process' }), 'revived');
    assert.equal(kind(OVER, answer(401, at)), undefined);
  }
  assert.equal(kind({ ...OVER, lag: 2000 }, me(BEFORE, 'alice', ['v1-1'])), undefined, 'the other nodes do not know of it yet');
  assert.equal(kind({ ...OVER, lag: 900 }, me(BEFORE, 'alice', ['v1-1'])), 'revived');
});

test('a 401 is for whom a fault takes the login, given before its end, and for nobody else', () => {
  assert.equal(kind(ASKED, answer(401, DURING)), 'status');
  assert.equal(kind(ASKED, answer(401, DURING), { away: 'store' }), 'status');
  assert.equal(kind(ASKED, answer(401, BEFORE), { loses: true }), 'status');
  assert.equal(kind(ASKED, answer(401, DURING), { loses: true }), undefined);
  assert.equal(kind(ASKED, answer(401, AFTER), { loses: true }), 'status');
  assert.equal(kind({ ...ASKED, what: 'login' }, answer(401, DURING), { loses: true }), 'status', 'the password is right');
  const unanswered = { ...ASKED, credential: { value: 'x', since: 0, mayBeOver: true } };
  assert.equal(kind(unanswered, answer(401, AFTER)), undefined, 'its logout may have been done');
});

test('a 503 is for whose store is away, says when to come back, and ends in time', () => {
  const [bare, full] = [answer(503, DURING), answer(503, DURING, {}, '1')];
  assert.equal(kind(ASKED, full), 'late');
  assert.equal(kind(ASKED, full, { loses: true }), 'late');
  assert.equal(kind(ASKED, bare, { away: 'store' }), 'status');
  assert.equal(kind(ASKED, bare, { away: 'node' }), undefined);
  assert.equal(kind(ASKED, full, { away: 'store' }), undefined);
  assert.equal(kind(ASKED, answer(503, RECOVERING, {}, '1'), { away: 'store' }), undefined);
  assert.equal(kind(ASKED, answer(503, AFTER, {}, '1'), { away: 'store' }), 'late');
  assert.equal(kind(OVER, answer(503, AFTER, {}, '1'), { away: 'store' }), 'late');
});

test('a 502 is for who is cut off, and no answer at all for whose process was killed', () => {
  for (const status of [502, 0]) assert.equal(kind(ASKED, answer(status, DURING), { away: 'store' }), 'status');
  assert.equal(kind(ASKED, answer(502, DURING), { cuts: 'node' }), undefined);
  assert.equal(kind(ASKED, answer(0, DURING), { cuts: 'node' }), 'status');
  assert.equal(kind(ASKED, answer(0, DURING), { cuts: 'process' }), undefined);
  assert.equal(kind(ASKED, answer(0, AFTER), { cuts: 'process' }), 'status');
});

test('whatever else is answered is wrong, and so is a logout that ends nothing', () => {
  for (const status of [400, 404, 429, 500, 504]) {
    assert.equal(kind(ASKED, answer(status, DURING), { away: 'store', loses: true, cuts: 'process' }), 'status', `${status}`);
  }
  assert.equal(kind(ASKED, { ...answer(200, BEFORE), body: '<html>' }), 'status');
  assert.equal(kind({ ...ASKED, what: 'logout' }, answer(200, BEFORE, { revoked: false })), 'status');
  assert.equal(kind({ ...ASKED, what: 'logout', ends: false }, answer(200, BEFORE, { revoked: false })), undefined);
});

test('a request that was under way when it began has met the fault', () => {
  assert.equal(met({ ...answer(200, 0), sent: SPAN.begin - 1, received: SPAN.begin + 1 }, SPAN), true);
  assert.equal(met({ ...answer(200, 0), sent: 0, received: SPAN.begin - 1 }, SPAN), false);
});

/** @type {import('./judge.mjs').Outcome} */
const BORNE = {
  ...{ name: 'x', requests: 9, over: 1, statuses: new Map(), findings: [], recoveries: [5, 1999], othersFailed: 0 },
  ...{ before: 10, during: 20, felt: true, also: [] },
};

test('a fault is borne only if nothing failed, all recovered in time, and it was felt', () => {
  assert.deepEqual(verdict(BORNE), []);
  for (const [wrong, why] of /** @type {const} */ ([
    [{ findings: [{ kind: 'revived', detail: '' }] }, '1 unexpected'],
    [{ recoveries: [5, 2001] }, 'recovered in 2001 ms'],
    [{ recoveries: [5, Infinity] }, 'a lab did not recover'],
    [{ recoveries: [] }, 'no lab was concerned'],
    [{ othersFailed: 1 }, '1 failed for others'],
    [{ before: 10, during: 301 }, 'others waited'],
    [{ felt: false }, 'the fault was not felt'],
    [{ also: ['x'] }, 'x'],
  ])) {
    assert.deepEqual(verdict({ ...BORNE, ...wrong }), [why]);
  }
});

test('a quantile is one of the values', () => {
  assert.deepEqual([quantile([3, 1, 2], 0.5), quantile([1], 0.99), quantile([], 0.5)], [2, 1, NaN]);
});

test('a part of a document is replaced in its place, and every other part stays', () => {
  const first = withPart('# X\n', 'faults', 'one');
  const both = withPart(first, 'soak', 'two');
  assert.equal(withPart(both, 'faults', 'three'), '# X\n\n<!-- faults -->\nthree\n<!-- /faults -->\n\n<!-- soak -->\ntwo\n<!-- /soak -->\n');
  assert.throws(() => withPart('<!-- soak -->\n', 'soak', 'x'), /marks/);
});
