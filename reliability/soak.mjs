// Uses one process for long, and looks at what it takes: memory, descriptors, threads, and what it counts itself.
//
//   MINUTES=10 node reliability/soak.mjs [--write docs/reliability.md]

import { builtServer } from '../end2end/serve.mjs';
import { Client } from './client.mjs';
import { Lives } from './lives.mjs';
import { sleep } from './load.mjs';
import { Machine } from './machine.mjs';
import { startMemcachedAt, startRedisAt, startServer } from './programs.mjs';
import { grouped, table, whereToWrite, writePart } from './report.mjs';
import { GROWTH, thirds, wrongs } from './trend.mjs';

/** @typedef {import('./trend.mjs').Sample} Sample */

const MINUTES = Number(process.env.MINUTES ?? 10);
/** How many labs are lived in at once. */
const LIVES = 20;
/** After how many seconds a lab that was left goes. */
const IDLE = 20;
/** How far apart the looks are, in milliseconds. */
const EVERY = 3000;
/** How long it is waited until everything is gone: the labs, what sweeps, connections and threads that lie idle. */
const GONE = (IDLE + 40) * 1000;

builtServer();
const machine = new Machine();
const redis = await startRedisAt();
const memcached = await startMemcachedAt();
const stores = ['--redis-url', `redis://127.0.0.1:${redis.port}`, '--memcached-url', `127.0.0.1:${memcached.port}`];
const server = await startServer([...stores, '--lab-idle', `${IDLE}`]);
const client = new Client(server.port, '127.0.0.1', false);
const started = performance.now();

/** @returns {Promise<Sample>} */
async function look() {
  const { body } = await client.ask('GET', '/metrics');
  const gauge = (/** @type {string} */ name) => Number(new RegExp(`^login_lab_${name} (\\d+)$`, 'm').exec(body)?.[1]);
  return {
    at: (performance.now() - started) / 1000,
    ...{ memory: await server.status('VmRSS'), threads: await server.status('Threads'), descriptors: await server.descriptors() },
    ...{ labs: gauge('labs'), streams: gauge('event_streams'), crowds: gauge('crowds') },
    ...{ sessions: gauge('memory_sessions'), underWay: gauge('requests_under_way') },
  };
}

/** @param {string} name @param {Sample} sample */
const row = (name, { memory, descriptors, threads, labs, streams, crowds, sessions }) =>
  [name, (memory / 1024).toFixed(0), descriptors, threads, labs, streams, crowds, sessions].map(String);

const HEAD = ['', 'memory, MB', 'descriptors', 'threads', 'labs', 'streams', 'crowds', 'sessions in memory'];

const start = await look();
const lives = new Lives(server.port);
const all = Array.from({ length: LIVES }, () => lives.live());
/** @type {Sample[]} */
const samples = [];
const rows = [row('at the start', start)];
while (performance.now() - started < MINUTES * 60_000) {
  await sleep(EVERY);
  const sample = await look();
  samples.push(sample);
  const minute = Math.floor((sample.at / 60) * (10 / MINUTES));
  if (rows.length <= minute) {
    rows.push(row(`after ${grouped(Math.round(sample.at))} s`, sample));
    console.log(rows.at(-1)?.join(' | '));
  }
}
lives.isOn = false;
await Promise.all(all);
const left = await look();
let rest = left;
const until = performance.now() + GONE;
while (wrongs(start, samples, rest, lives.done, MINUTES).length > 0 && performance.now() < until) {
  await sleep(1000);
  rest = await look();
}
rows.push(row('when the last ones leave', left), row('when all are gone', rest));

const { done } = lives;
const [, second, last] = thirds(samples, 'memory');
const found = [...wrongs(start, samples, rest, done, MINUTES), ...new Set(lives.wrongs), ...server.wrongs];
const totals =
  `${grouped(done.requests)} requests, ${grouped(done.labs)} labs, ${grouped(done.streams)} event streams, ${grouped(done.crowds)} crowds and ` +
  `${grouped(done.pages)} pages in ${MINUTES} minutes; memory in the last third × ${(last / second).toFixed(2)} of the second ` +
  `(at the most ${GROWTH.toFixed(2)}); ${lives.wrongs.length} unexpected answers, ${server.panics} panics`;
const result = table(HEAD, rows);
console.log(`\n${result}\n`);
for (const what of found.slice(0, 20)) console.log(`wrong: ${what}`);
console.log(`Machine: ${await machine.said()}`);
console.log(`Soak: ${totals}: ${found.length === 0 ? 'well' : `${found.length} wrong`}`);
client.close();
await server.stop();
await Promise.all([redis.stop(), memcached.stop()]);

const file = whereToWrite();
if (file) {
  await writePart(file, 'soak', `## What time does

\`make soak\`: one process with Redis and memcached beside it. Labs are made and left, and go when they lie idle; visitors log
in, ask, fill carts and leave; event streams are opened and cut; pages are loaded; a crowd comes now and then. The first third
is for warming up. Memory is what the system gives the process (\`VmRSS\`); \`/metrics\` counts no tasks, so threads stand for
them. Connections to the stores stay open for the next one.

${result}

${totals}.
`);
}
process.exit(found.length === 0 ? 0 : 1);
