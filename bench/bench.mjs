// Measures what each choice costs, against a goal for each line, and writes docs/performance.md.
//
//   node bench/bench.mjs [--rounds 5] [--seconds 2] [--sessions 1000000] [--exchanges 10000]
//     [--only requests,crowd,lookups,sizes,page,build] [--write docs/performance.md]
//
// Fewer rounds, or a part alone, are for a quick look. What is whole is written at once: all of the server, the page, the build.

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { builtServer } from '../end2end/serve.mjs';
import { Machine } from '../reliability/machine.mjs';
import { grouped } from '../reliability/report.mjs';
import { build } from './build.mjs';
import { everybody } from './contenders.mjs';
import { CROWD, crowds } from './crowd.mjs';
import { fetches, machine, requests, verdicts, write, writeBuild, writePage } from './document.mjs';
import { requestLines } from './goals.mjs';
import { atMost, UNITS } from './lines.mjs';
import { lookups } from './lookups.mjs';
import { page } from './page.mjs';
import { commandsPerRequest } from './redis.mjs';
import { alternate } from './rounds.mjs';
import { sizes } from './sizes.mjs';
import { ratios } from './statistics.mjs';
import { STREAMS, watched } from './watched.mjs';

/** @typedef {import('./lines.mjs').Line} Line */

const string = /** @type {const} */ ('string');
const { values: options } = parseArgs({
  options: {
    ...{ rounds: { type: string, default: '5' }, seconds: { type: string, default: '2' } },
    ...{ sessions: { type: string, default: '1000000' }, exchanges: { type: string, default: '10000' } },
    ...{ only: { type: string }, write: { type: string } },
  },
});
const [rounds = 0, seconds = 0, sessions = 0, exchanges = 0] = [options.rounds, options.seconds, options.sessions, options.exchanges].map(Number);
if (!(rounds > 0 && seconds > 0 && sessions > 0 && exchanges > 0)) throw new Error('--rounds, --seconds, --sessions and --exchanges take numbers');

// What is measured is the release, whatever was built last.
process.env.LOGIN_LAB_BIN ??= join(import.meta.dirname, '../target/release/login-lab');
builtServer();
const watch = new Machine();

/** Everybody is loaded by turns. */
async function load() {
  console.log(`requests, ${rounds} rounds of ${seconds} s`);
  const all = await everybody();
  try {
    const results = await alternate(all.contenders, rounds, seconds);
    const memory = all.contenders.find(({ id }) => id === 'memory');
    if (!memory) throw new Error('nobody to watch');
    const lines = [
      ...requestLines(results),
      atMost('Round trips to Redis, a request', 1, await commandsPerRequest(all.redis.port, all.inRedis, rounds), UNITS.plain),
      atMost(`What ${STREAMS} event streams cost, of requests a second`, 0.25, await watched(all.lab, memory.load, rounds, seconds), UNITS.share),
    ];
    if (all.server.wrongs.length > 0) throw new Error(all.server.wrongs.join('\n'));
    return { lines, results, contenders: all.contenders };
  } finally {
    await all.stop();
  }
}

/** @type {Record<string, () => Promise<Line[]>>} */
const PARTS = {
  crowd: async () => [atMost(`A crowd of ${grouped(CROWD.requests)} requests`, 2, await crowds(rounds), UNITS.seconds)],
  lookups: async () =>
    (await lookups(rounds, sessions)).map(({ store, few, many, rounds }) => {
      const longer = ratios(rounds.map(([, most]) => most), rounds.map(([least]) => least));
      return atMost(`A look-up among ${grouped(many)} sessions to one among ${grouped(few)}, ${store}`, 1.3, longer, UNITS.times);
    }),
  sizes: async () =>
    (await sizes()).flatMap(({ what, mb, kb, goal }) => [
      atMost(`Memory, ${what}, each`, goal, [kb], UNITS.kb),
      ...(what.endsWith('labs at rest') ? [atMost(`Memory, ${what}, in all`, 250, [mb], UNITS.mb)] : []),
    ]),
};

const wanted = (/** @type {string} */ part) => !options.only || options.only.split(',').includes(part);
/** @type {Line[]} */
const lines = [];

/** What came of a part. @param {string} details @param {Line[]} ofPart */
async function told(details, ofPart) {
  const late = await watch.said();
  console.log(`\n${details}\n\n${verdicts(ofPart)}\n\nMachine so far: ${late}`);
  lines.push(...ofPart);
  return late;
}

console.log(`On ${machine()}`);
const parts = Object.entries(PARTS).filter(([part]) => wanted(part));
if (wanted('requests') || parts.length > 0) {
  const loaded = wanted('requests') ? await load() : undefined;
  const ofServer = [...(loaded?.lines ?? [])];
  for (const [part, measure] of parts) {
    console.log(part);
    ofServer.push(...(await measure()));
  }
  const late = await told(loaded ? requests(loaded.contenders, loaded.results) : '', ofServer);
  if (options.write && loaded && parts.length === Object.keys(PARTS).length) {
    await write(options.write, ofServer, loaded.contenders, loaded.results, { rounds, seconds, late });
  }
}
if (wanted('page')) {
  console.log('page');
  const ofPage = await page(rounds, exchanges);
  const late = await told(fetches(ofPage), ofPage.lines);
  if (options.write) await writePage(options.write, ofPage, { rounds, late });
}
if (wanted('build')) {
  console.log('build');
  const ofBuild = await build();
  const late = await told('', ofBuild);
  if (options.write) await writeBuild(options.write, ofBuild, late);
}
if (lines.length === 0) throw new Error(`--only takes requests, ${Object.keys(PARTS).join(', ')}, page, build`);

const missed = lines.filter(({ isMet }) => !isMet).length;
console.log(`${lines.length - missed} of ${lines.length} goals are met`);
process.exit(missed > 0 ? 1 : 0);
