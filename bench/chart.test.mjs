// The chart shows what was measured, in the page's own colours.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { chart, colour, COLOURS } from './chart.mjs';

const tokens = await readFile(join(import.meta.dirname, '../style/tokens.css'), 'utf8');
/** @type {import('./chart.mjs').Bar[]} */
const BARS = [
  { name: 'axum alone', value: 100, from: 90, to: 200, kind: 'limit', said: '100' },
  { name: 'Login Lab <1> & others', value: 50, from: 40, to: 60, kind: 'lab', said: '50' },
];

test('a bar is as long as its number, and the longest spread fits', () => {
  const svg = chart('Requests a second', BARS, tokens);
  assert.deepEqual([...svg.matchAll(/<rect class="(\w+)" x="264" y="\d+" width="([\d.]+)"/g)].map(([, kind, width]) => [kind, width]), [['limit', '200.0'], ['lab', '100.0']]);
  assert.deepEqual([...svg.matchAll(/class="spread" d="M([\d.]+) \d+H([\d.]+)"/g)].map(([, from, to]) => [from, to]), [['444.0', '664.0'], ['344.0', '384.0']]);
});

test('names are text and no markup', () => {
  assert.match(chart('a', BARS, tokens), />Login Lab &lt;1&gt; &amp; others</);
});

test('every colour has a value for light and one for dark', () => {
  const svg = chart('a', BARS, tokens);
  const [light = '', dark = ''] = svg.split('prefers-color-scheme: dark');
  for (const name of [...Object.values(COLOURS), 'ink', 'paper']) {
    const [bright, dim] = colour(tokens, name);
    assert.ok(light.includes(`--${name}: ${bright};`) && dark.includes(`--${name}: ${dim};`), name);
  }
  assert.throws(() => colour(tokens, 'mauve'), /no colour mauve/);
});
