// What Lighthouse says of a page: run as its own program, for it is a package of its own (bench/page), and with a browser of
// its own each time, so that nothing is left in a cache.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { program } from '../end2end/browser.mjs';

const cli = join(import.meta.dirname, 'page/node_modules/lighthouse/cli/index.js');

/** As Lighthouse knows them: a phone with a slow net and a slow processor, and a computer. */
export const FORMS = /** @type {const} */ (['mobile', 'desktop']);
/** @typedef {(typeof FORMS)[number]} Form */

const CATEGORIES = /** @type {const} */ (['performance', 'accessibility', 'best-practices', 'seo']);
/** @typedef {(typeof CATEGORIES)[number]} Category */

/**
 * What it said of a page once.
 * @typedef {object} Said
 * @property {Record<Category, number>} scores from 0 to 1
 * @property {number} lcp milliseconds until the largest part of it is painted
 * @property {number} interactive milliseconds until it answers to whoever moves
 * @property {number} shift how much of it has moved
 * @property {string[]} wanting what takes from a score, each with its category
 */

/** @param {unknown} number @param {string} what @returns {number} */
function measured(number, what) {
  if (typeof number !== 'number') throw new Error(`Lighthouse has no ${what}`);
  return number;
}

/** Reads its report. @param {any} report @returns {Said} */
export function readReport(report) {
  if (report.runtimeError) throw new Error(`Lighthouse: ${report.runtimeError.message}`);
  const figure = (/** @type {string} */ audit) => measured(report.audits?.[audit]?.numericValue, audit);
  const score = (/** @type {Category} */ category) => measured(report.categories?.[category]?.score, category);
  const wanting = CATEGORIES.flatMap((category) =>
    (report.categories?.[category]?.auditRefs ?? [])
      .filter((/** @type {any} */ { id, weight }) => weight > 0 && report.audits[id]?.score !== null && report.audits[id]?.score < 1)
      .map((/** @type {any} */ { id }) => `${category}: ${id} ${report.audits[id].displayValue ?? ''}`.trim()),
  );
  return {
    scores: { performance: score('performance'), accessibility: score('accessibility'), 'best-practices': score('best-practices'), seo: score('seo') },
    ...{ lcp: figure('largest-contentful-paint'), interactive: figure('interactive'), shift: figure('cumulative-layout-shift'), wanting },
  };
}

/** @param {string} url @param {Form} form */
export async function lighthouse(url, form) {
  const flags = ['--headless=new', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];
  const args = [
    ...[cli, url, '--quiet', '--output=json', '--output-path=stdout', '--no-enable-error-reporting'],
    ...[`--chrome-flags=${flags.join(' ')}`, `--only-categories=${CATEGORIES.join(',')}`],
    ...(form === 'desktop' ? ['--preset=desktop'] : []),
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, CHROME_PATH: program() } });
  const end = () => child.kill();
  // It ends with this program, however that ends.
  process.on('exit', end);
  const [said, wrong, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  process.off('exit', end);
  if (code !== 0) throw new Error(`Lighthouse ended with ${code}: ${wrong.slice(-1000)}`);
  return readReport(JSON.parse(said));
}
