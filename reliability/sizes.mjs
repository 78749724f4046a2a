// How much memory labs and event streams take: many of them in one process, and what it holds before and after. Linux
// alone says what a process holds.
//
//   node reliability/sizes.mjs [--write docs/reliability.md]

import { once } from 'node:events';
import { request } from 'node:http';
import { freshLab } from '../deploy/behind.mjs';
import { Client } from './client.mjs';
import { startServer } from './programs.mjs';
import { grouped, table, whereToWrite, writePart } from './report.mjs';

const LABS = 10_000;
const USED = 500;
const EXCHANGES = 200;
const STREAMS = 2_000;
/** Passwords are work, so only some log in at a time. */
const AT_ONCE = 16;

/** In KB for each. What is at rest costs nobody anything; a stream has its connection, and buffers for both ways. */
const GOALS = { rest: 20, stream: 100, used: 200 };

const server = await startServer(['--max-labs', `${LABS + 1}`]);
// Each has bounds of its own, also on the labs that it makes.
const clients = Array.from({ length: 100 }, (_, n) => new Client(server.port, `127.0.2.${n + 1}`));

/** @param {Client} client @param {string} method @param {string} path @param {import('node:http').OutgoingHttpHeaders} [headers] @param {object} [json] */
async function ask(client, method, path, headers, json) {
  const { status, body } = await client.ask(method, path, headers, json);
  if (status !== 200) throw new Error(`${method} ${path} was answered with ${status}: ${body}`);
  return body;
}

/** Does it for so many, shared between the clients. @param {number} most @param {(n: number, client: Client) => Promise<unknown>} work @param {Client[]} [by] */
async function each(most, work, by = clients) {
  let next = 0;
  const worker = async (/** @type {Client} */ client) => {
    while (next < most) await work(next++, client);
  };
  await Promise.all(by.map(worker));
}

const held = () => server.status('VmRSS');

/** @type {string[][]} */
const rows = [];
let missed = 0;
/** @param {string} what @param {number} number @param {number} before @param {number} after @param {number} goal */
function note(what, number, before, after, goal) {
  const one = (after - before) / number;
  if (one > goal) missed++;
  rows.push([`${grouped(number)} ${what}`, `${((after - before) / 1024).toFixed(0)} MB`, `${one.toFixed(1)} KB`, `${goal} KB`, one <= goal ? 'held' : '**missed**']);
}

try {
  const labs = Array.from({ length: LABS }, freshLab);
  await each(clients.length, (_, client) => ask(client, 'GET', '/healthz'));
  const empty = await held();
  await each(LABS, (n, client) => ask(client, 'GET', `/lab/${labs[n]}/control/cookies`));
  const atRest = await held();
  note('labs at rest', LABS, empty, atRest, GOALS.rest);

  // Before the streams: what those have left free would be taken for these.
  await each(USED, async (n, client) => {
    const lab = `/lab/${labs[n]}/api`;
    const login = { username: 'alice', password: 'alice-password', scheme: 'session-storage' };
    const { access_token: id } = JSON.parse(await ask(client, 'POST', `${lab}/login`, {}, login));
    for (let k = 1; k < EXCHANGES; k++) await ask(client, 'GET', `${lab}/me`, { authorization: `Bearer ${id}` });
  }, clients.slice(0, AT_ONCE));
  const inUse = await held();
  note(`labs with ${EXCHANGES} exchanges each`, USED, atRest, inUse, GOALS.used);

  /** @type {import('node:http').IncomingMessage[]} */
  const streams = [];
  await each(STREAMS, async (n, { port, address }) => {
    const path = `/lab/${labs[USED + n]}/control/events`;
    const asking = request({ host: '127.0.0.1', port, path, localAddress: address, agent: false, headers: { host: `localhost:${port}` } }).end();
    const [answer] = await once(asking, 'response');
    if (answer.statusCode !== 200) throw new Error(`a stream was answered with ${answer.statusCode}`);
    await once(answer, 'data');
    streams.push(answer);
  });
  note('event streams', STREAMS, inUse, await held(), GOALS.stream);
  const seen = Number(/^login_lab_event_streams (\d+)$/m.exec(await ask(clients[0] ?? new Client(server.port, ''), 'GET', '/metrics'))?.[1]);
  if (seen !== STREAMS) throw new Error(`the process counts ${seen} streams`);
  for (const stream of streams) stream.destroy();
  if (server.wrongs.length > 0) throw new Error(server.wrongs.join('\n'));
} finally {
  clients.forEach((client) => client.close());
  await server.stop();
}

const text = `## What labs and streams take

${table(['', 'in all', 'each', 'goal', ''], rows)}

\`make sizes\` wrote this: what one process holds after each, less what it held before. A goal
that is missed makes it fail. Labs that are used are looked at at once, and hold their
last exchanges as they were written; within five seconds these are packed. However many there are, they hold 256 MiB at the
most, and the oldest go. Streams take what the packing has left free, so they look smaller than they are. \`--max-labs\` bounds the labs, connections the streams: 3072 of both
listeners.`;
console.log(text);
const file = whereToWrite();
if (file) await writePart(file, 'sizes', text);
if (missed > 0) console.log(`\n${missed} of the goals are missed`);
process.exit(missed > 0 ? 1 : 0);
