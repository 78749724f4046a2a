// Each goal of the page can be met, and each can be missed; what was not seen is no goal that is met.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readReport } from './lighthouse.mjs';
import { longest } from './long-tasks.mjs';
import { clickLines, firstLoadLines, larger, lighthouseLines, memoryLine, taskLine, wanting } from './page-lines.mjs';
import { growth } from './page-memory.mjs';
import { percentile } from './statistics.mjs';

const root = join(import.meta.dirname, '..');

/** @param {number} wire @param {number} raw */
const load = (wire, raw) => [
  { url: 'http://localhost/lab/x', type: 'Document', wire: 10_000, raw: 40_000, isOver: true },
  { url: 'http://localhost/pkg/login-lab.x.wasm', type: 'Fetch', wire, raw, isOver: true },
  // The name of a file in a query is no such file.
  { url: 'http://localhost/lab/x/control/events?build=/pkg/login-lab.x.wasm', type: 'EventSource', wire: 0, raw: 9000, isOver: true },
];

/** @param {import('./lines.mjs').Line[]} lines */
const met = (lines) => lines.map(({ isMet }) => isMet);

test('of both languages the larger load counts', () => {
  assert.deepEqual(met(firstLoadLines([load(140_000, 390_000), load(150_000, 400_000)])), [true, true]);
  assert.deepEqual(met(firstLoadLines([load(140_000, 390_000), load(150_001, 400_001)])), [false, false]);
  assert.equal(firstLoadLines([load(160_000, 1), load(1, 1)])[0]?.value, '170 KB');
  assert.equal(larger([load(1, 1), load(3, 1), load(2, 1)])[1]?.wire, 3);
  assert.throws(() => firstLoadLines([load(1, 0)]), /no WebAssembly/);
});

/** @param {Partial<import('./lighthouse.mjs').Said>} [but] @param {number} [score] @returns {import('./lighthouse.mjs').Said} */
const said = (but, score = 1) => ({
  scores: { performance: score, accessibility: score, 'best-practices': score, seo: score },
  ...{ lcp: 600, interactive: 900, shift: 0, wanting: [], ...but },
});

test('a form that is worse misses a goal for both', () => {
  const rounds = (/** @type {import('./lighthouse.mjs').Said} */ ours) => {
    const good = { ours: [said()], empty: [said()] };
    return [{ mobile: { ours: [ours], empty: [said()] }, desktop: good }, { mobile: good, desktop: { ours: [ours], empty: [said()] } }];
  };
  for (const both of rounds(said())) assert.ok(lighthouseLines(both).every(({ isMet }) => isMet));
  const missed = rounds(said({ lcp: 901, interactive: 1351, shift: 0.001 }, 0.98)).map((both) => lighthouseLines(both).filter(({ isMet }) => !isMet).map(({ what }) => what));
  for (const [at, form] of ['mobile', 'desktop'].entries())
    assert.deepEqual(missed[at], [
      `Lighthouse, performance, ${form}`,
      ...['Lighthouse, accessibility', 'Lighthouse, best practices', 'Lighthouse, SEO', 'Cumulative layout shift'],
      `Largest contentful paint, ${form}, to an empty Leptos page`,
      `Time to interactive, ${form}, to an empty Leptos page`,
    ]);
  const almost = { ours: [said({}, 0.99)], empty: [said()] };
  const performance = lighthouseLines({ mobile: almost, desktop: almost }).filter(({ what }) => what.includes('performance'));
  assert.deepEqual(met(performance), [true, false]);
});

test('what took from a score is named once', () => {
  const ours = [said({ wanting: ['performance: total-blocking-time 80 ms'] }), said({ wanting: ['performance: total-blocking-time 1,020 ms', 'seo: meta-description', 'performance: cumulative-layout-shift 0.045'] })];
  const rounds = { mobile: { ours, empty: [] }, desktop: { ours: [], empty: [] } };
  assert.deepEqual(wanting(rounds), ['mobile, performance: cumulative-layout-shift', 'mobile, performance: total-blocking-time', 'mobile, seo: meta-description']);
});

/** A report as Lighthouse writes one, as far as it is read. */
const report = () => ({
  categories: Object.fromEntries(
    ['performance', 'accessibility', 'best-practices', 'seo'].map((id) => [id, { score: 1, auditRefs: id === 'seo' ? [{ id: 'meta-description', weight: 1 }] : [] }]),
  ),
  audits: {
    'largest-contentful-paint': { numericValue: 700 },
    interactive: { numericValue: 900 },
    'cumulative-layout-shift': { numericValue: 0 },
    'meta-description': { score: 0 },
  },
});

test("Lighthouse's report is read, and one without a figure is none", () => {
  assert.deepEqual(readReport(report()), said({ lcp: 700, wanting: ['seo: meta-description'] }));
  const whole = report();
  assert.throws(() => readReport({ ...whole, audits: { ...whole.audits, interactive: { score: null } } }), /no interactive/);
  assert.throws(() => readReport({ ...whole, categories: { ...whole.categories, seo: { score: null } } }), /no seo/);
  assert.throws(() => readReport({ ...whole, runtimeError: { message: 'NO_FCP' } }), /NO_FCP/);
});

test('five clicks of a hundred may take longer, six may not', () => {
  const clicks = (/** @type {number} */ late) => Array.from({ length: 100 }, (_, n) => (n < late ? 80 : 40));
  assert.equal(percentile([3, 1, 2], 50), 2);
  assert.equal(percentile(clicks(5), 95), 40);
  assert.deepEqual(met(clickLines({ carts: [clicks(5)], logOuts: clicks(5) }, 100)), [true, true]);
  assert.deepEqual(met(clickLines({ carts: [clicks(6)], logOuts: clicks(6) }, 100)), [false, false]);
  assert.throws(() => clickLines({ carts: [clicks(5)], logOuts: [1] }, 100), /only 1 clicks/);
});

test("the longest task is one of a page's main thread", () => {
  const thread = (/** @type {number} */ tid, /** @type {string} */ name) => ({ name: 'thread_name', pid: 1, tid, args: { name } });
  const task = (/** @type {number} */ tid, /** @type {number} */ dur) => ({ name: 'ThreadControllerImpl::RunTask', pid: 1, tid, dur });
  const traceEvents = [thread(1, 'CrRendererMain'), thread(2, 'Compositor'), task(1, 20_000), task(1, 60_000), task(2, 90_000)];
  assert.equal(longest({ traceEvents }), 60);
  assert.throws(() => longest({ traceEvents: [thread(1, 'CrRendererMain'), task(2, 1)] }), /no task/);
  assert.equal(taskLine([60], '20,000').isMet, false);
  assert.equal(taskLine([50], '20,000').isMet, true);
});

test('a page that grows by an exchange more than it should is seen', () => {
  const looks = (/** @type {number} */ more) => Array.from({ length: 40 }, (_, n) => 5_000_000 + n * more);
  assert.equal(growth(looks(0)), 1);
  assert.equal(memoryLine(looks(20_000), '10,000').isMet, true);
  assert.equal(memoryLine(looks(50_000), '10,000').isMet, false);
  // What it takes in the first half is not what it leaks.
  assert.equal(memoryLine([...Array(20).fill(1), ...Array(20).fill(5)], '10,000').isMet, true);
  assert.throws(() => memoryLine([1, 1], '10,000'), /only 2 looks/);
});

test('the empty page is made as ours is', () => {
  const [ours, empty] = ['Cargo.toml', 'bench/empty/Cargo.toml'].map((file) => readFileSync(join(root, file), 'utf8'));
  for (const part of [/\[profile\.wasm-release\]\n(?:.+\n)+/, /wasm-opt-features = \[\n(?: .+\n)+\]/, /browserquery = .+/]) {
    const same = part.exec(ours ?? '')?.[0];
    assert.ok(same && empty?.includes(same), `${part} differs`);
  }
  const [locked, besides] = ['Cargo.lock', 'bench/empty/Cargo.lock'].map((file) => readFileSync(join(root, file), 'utf8'));
  for (const crate of ['leptos', 'tachys', 'reactive_graph', 'wasm-bindgen', 'web-sys', 'js-sys']) {
    const version = new RegExp(`name = "${crate}"\nversion = ".+"`).exec(locked ?? '')?.[0];
    assert.ok(version && besides?.includes(version), `another ${crate}`);
  }
});
