// Walks the page's main paths and runs every experiment in Chromium, Firefox and WebKitGTK, and compares what is about
// the browser:
//
//   scripts/with-tools.sh engines node end2end/engines.mjs [Chromium] [Firefox] [WebKitGTK] [--write FILE]
//
// Each engine has a lab and a profile of its own. It ends with 1 where a measurement is not as predicted, or could not
// be made.

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { engines } from './engines/browsers.mjs';
import { answers } from './engines/page.mjs';
import { walked } from './engines/paths.mjs';
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

/**
 * Not looked at. WebKitGTK's driver hangs while frames of two ports come and go. And under a driver its MiniBrowser keeps
 * everything in memory, while WebKit's cache lies on disk: so nothing is ever kept there.
 * @type {Record<string, string[]>}
 */
const LEFT_OUT = { WebKitGTK: ['ports', 'cache'] };
/**
 * How its server is started. An attacker who listens nowhere at the page's host has no port of it that could be framed.
 * @type {Record<string, string[]>}
 */
const SERVER = { WebKitGTK: ['--attacker-addr', '127.0.0.2:0'] };

const { positionals, values } = parseArgs({ allowPositionals: true, options: { write: { type: 'string' } } });
const names = positionals.length ? positionals : Object.keys(engines);
const unknown = names.find((name) => !(name in engines));
if (unknown) {
  console.error(`error: no engine is called ${unknown}: ${Object.keys(engines).join(', ')}`);
  process.exit(1);
}

/** How many did not get to their end. */
let broken = 0;
/** @type {Set<import('./serve.mjs').Running>} */
const running = new Set();

/** What an engine answers, at a server of its own. @param {string} name */
async function ask(name) {
  /** @type {import('./engines/browsers.mjs').Browser | undefined} */
  let browser;
  /** @type {import('./engines/page.mjs').Found[]} */
  let found = [];
  const lab = await startLab(...(SERVER[name] ?? []));
  running.add(lab);
  try {
    browser = await engines[name]();
    console.log(`${name} ${browser.version}: ${await walked(browser, `http://localhost:${lab.port}`)} main paths walked`);
    const asked = EXPERIMENTS.filter((experiment) => !LEFT_OUT[name]?.includes(experiment));
    // A browser's rules about cookies do not know what a cookie holds: what was measured with one scheme counts for
    // another, and is told once.
    found = (await answers(browser, `http://localhost:${lab.port}`)).filter(
      ({ experiment, scheme, measured_with }) => asked.includes(experiment) && (!measured_with || measured_with === scheme),
    );
    const unlike = found.filter(isUnlike);
    console.log(`${name} ${browser.version}: ${found.length} comparisons, ${unlike.length} not as predicted`);
    for (const { experiment, scheme, words, setting, predicted, measured } of unlike)
      console.log(`  ${experiment}, ${scheme}: ${words} (${setting || 'usual'}): predicted ${predicted}, measured ${measured || 'nothing'}`);
  } catch (error) {
    console.error(`${name}: ${error}`, error instanceof Error && error.cause ? error.cause : '');
    broken += 1;
  } finally {
    await browser?.close();
    await lab.stop();
    running.delete(lab);
  }
  return { name, version: browser?.version ?? '', found };
}

for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => void Promise.all([...running].map((lab) => lab.stop())).finally(() => process.exit(1)));
// One after another: where it starves, WebKitGTK ends itself.
const asked = [];
for (const name of names) asked.push(await ask(name));
if (values.write) writeFileSync(values.write, table(EXPERIMENTS, asked));
const found = asked.flatMap((engine) => engine.found);
const unlike = found.filter(isUnlike).length + broken;
console.log(`Engines: ${found.filter((one) => !isUnlike(one)).length} comparisons as predicted, ${unlike} not`);
process.exitCode = unlike > 0 || found.length === 0 ? 1 : 0;
