// Runs the experiments that are about the browser in Chromium, Firefox and WebKitGTK:
//
//   scripts/with-tools.sh engines node end2end/engines.mjs [Chromium] [Firefox] [WebKitGTK]
//     [--schemes session-cookie,session-storage] [--write FILE]
//
// Each engine answers each scheme in a lab and a profile of its own. It ends with 1 where a measurement is not as
// predicted, or could not be made.

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { engines } from './engines/browsers.mjs';
import { answers } from './engines/page.mjs';
import { pooled } from './engines/pool.mjs';
import { isUnlike, table } from './engines/table.mjs';
import { startLab } from './serve.mjs';

const EXPERIMENTS = [
  'script-reads',
  'script-acts',
  'other-site',
  'reload',
  'cookie-rules',
  'cookie-wall',
  'ports',
  'retry',
  'cache',
];
// The schemes with a cookie first: they take minutes, nearly all of it waiting until a cookie is no longer new.
const SCHEMES = ['session-cookie', 'token-cookie', 'session-storage', 'token-storage'];
/**
 * Not asked. WebKitGTK's driver hangs while frames of two ports come and go. And under a driver its MiniBrowser keeps
 * everything in memory, while WebKit's cache lies on disk: so nothing is ever kept there.
 * @type {Record<string, string[]>}
 */
const LEFT_OUT = { WebKitGTK: ['ports', 'cache'] };
/** Browsers at once. Where they starve, WebKitGTK ends itself. */
const WIDTH = 2;

const { positionals, values } = parseArgs({ allowPositionals: true, options: { schemes: { type: 'string' }, write: { type: 'string' } } });
const names = positionals.length ? positionals : Object.keys(engines);
const unknown = names.find((name) => !(name in engines));
if (unknown) {
  console.error(`error: no engine is called ${unknown}: ${Object.keys(engines).join(', ')}`);
  process.exit(1);
}
const schemes = values.schemes?.split(',') ?? SCHEMES;
const strange = schemes.find((scheme) => !SCHEMES.includes(scheme));
if (strange !== undefined) {
  console.error(`error: no scheme is called ${strange}: ${SCHEMES.join(', ')}`);
  process.exit(1);
}

/** How many did not get to their end. */
let broken = 0;

/** @param {string} origin @param {string} name @param {string} scheme */
async function ask(origin, name, scheme) {
  /** @type {import('./engines/browsers.mjs').Browser | undefined} */
  let browser;
  /** @type {import('./engines/page.mjs').Found[]} */
  let found = [];
  try {
    browser = await engines[name]();
    // A browser's rules about cookies do not know what a cookie holds: once is enough.
    const asked = EXPERIMENTS.filter((experiment) => experiment !== 'cookie-rules' || scheme === 'session-cookie').filter(
      (experiment) => !LEFT_OUT[name]?.includes(experiment),
    );
    found = await answers(browser, origin, scheme, asked);
    const unlike = found.filter(isUnlike);
    console.log(`${name} ${browser.version}, ${scheme}: ${found.length} comparisons, ${unlike.length} not as predicted`);
    for (const { experiment, words, setting, predicted, measured } of unlike)
      console.log(`  ${experiment}: ${words} (${setting || 'usual'}): predicted ${predicted}, measured ${measured || 'nothing'}`);
  } catch (error) {
    console.error(`${name}, ${scheme}: ${error}`, error instanceof Error && error.cause ? error.cause : "");
    broken += 1;
  } finally {
    await browser?.close();
  }
  return { name, version: browser?.version ?? '', found };
}

const lab = await startLab();
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => void lab.stop().finally(() => process.exit(1)));
try {
  const origin = `http://localhost:${lab.port}`;
  const jobs = schemes.flatMap((scheme) => names.map((name) => () => ask(origin, name, scheme)));
  const all = await pooled(WIDTH, jobs);
  const asked = names.map((name) => {
    const its = all.filter((one) => one.name === name);
    return { name, version: its[0]?.version ?? '', found: its.flatMap(({ found }) => found) };
  });
  if (values.write) writeFileSync(values.write, table(EXPERIMENTS, asked));
  const found = asked.flatMap((engine) => engine.found);
  const unlike = found.filter(isUnlike).length + broken;
  console.log(`Engines: ${found.filter((one) => !isUnlike(one)).length} comparisons as predicted, ${unlike} not`);
  process.exitCode = unlike > 0 || found.length === 0 ? 1 : 0;
} finally {
  await lab.stop();
}
