// How much memory labs and event streams take: many of them in one process, and what it holds before and after.
//
//   node reliability/sizes.mjs
//
// 10,000 labs at rest, of them 500 used (200 exchanges each), and 2,000 event streams. Linux alone says what a process holds.

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { freshLab, startServer } from '../deploy/behind.mjs';

const LABS = 10_000;
const USED = 500;
const EXCHANGES = 200;
const STREAMS = 2_000;
const CLIENTS = 100;
const AT_ONCE = 16;

const server = await startServer(undefined, '--max-labs', `${LABS + 1}`, '--trusted-proxy', '127.0.0.1');
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

/** Each client has bounds of its own, so there are many. @param {number} n */
const client = (n) => ({ host: `localhost:${server.port}`, 'x-forwarded-for': `192.0.2.${n % CLIENTS}` });

/** @param {number} n which client asks @param {string} path @param {object} [json] */
async function ask(n, path, json) {
  const body = json && JSON.stringify(json);
  const headers = { ...client(n), ...(body && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }) };
  const asking = request({ host: '127.0.0.1', port: server.port, path, agent, headers, method: json ? 'POST' : 'GET' }).end(body);
  const [answer] = await once(asking, 'response');
  let text = '';
  for await (const part of answer.setEncoding('utf8')) text += part;
  if (answer.statusCode >= 300) throw new Error(`${path}: ${answer.statusCode} ${text}`);
  return text;
}

/** Does it for each number, some at a time. @param {number} most @param {(n: number) => Promise<unknown>} work */
async function each(most, work) {
  let next = 0;
  const worker = async () => {
    while (next < most) await work(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** What the process holds, in KB. */
async function held() {
  const status = await readFile(`/proc/${server.child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
}

/** @param {string} what @param {number} number @param {number} before @param {number} after @param {number} goal in KB each */
function report(what, number, before, after, goal) {
  const one = (after - before) / number;
  const verdict = one <= goal ? 'held' : 'missed';
  console.log(`| ${number.toLocaleString('en')} ${what} | ${((after - before) / 1024).toFixed(0)} MB | ${one.toFixed(1)} KB | ${goal} KB | ${verdict} |`);
}

try {
  const labs = Array.from({ length: LABS }, freshLab);
  await ask(0, `/lab/${freshLab()}/api/catalog`);
  console.log('| | in all | each | goal | |\n|---|--:|--:|--:|---|');
  const empty = await held();
  await each(LABS, (n) => ask(n, `/lab/${labs[n]}/control/cookies`));
  const atRest = await held();
  report('labs at rest', LABS, empty, atRest, 20);

  /** @type {import('node:http').IncomingMessage[]} */
  const streams = [];
  await each(STREAMS, async (n) => {
    const path = `/lab/${labs[USED + n]}/control/events`;
    const asking = request({ host: '127.0.0.1', port: server.port, path, agent: false, headers: client(n) }).end();
    const [answer] = await once(asking, 'response');
    if (answer.statusCode !== 200) throw new Error(`a stream was answered with ${answer.statusCode}`);
    await once(answer, 'data');
    streams.push(answer);
  });
  const streaming = await held();
  report('event streams', STREAMS, atRest, streaming, 100);
  if (!(await ask(0, '/healthz'))) throw new Error('it is not healthy');
  for (const stream of streams) stream.destroy();

  const before = await held();
  await each(USED, async (n) => {
    const path = `/lab/${labs[n]}`;
    const login = await ask(n, `${path}/api/login`, { username: 'alice', password: 'alice-password', scheme: 'session-storage' });
    const { access_token: id } = JSON.parse(login);
    for (let k = 1; k < EXCHANGES; k++) {
      const asking = request({ host: '127.0.0.1', port: server.port, path: `${path}/api/me`, agent, headers: { ...client(n), authorization: `Bearer ${id}` } }).end();
      const [answer] = await once(asking, 'response');
      answer.resume();
      await once(answer, 'end');
      if (answer.statusCode !== 200) throw new Error(`api/me was answered with ${answer.statusCode}`);
    }
  });
  report(`labs used, ${EXCHANGES} exchanges each`, USED, before, await held(), 200);
} finally {
  agent.destroy();
  await server.stop();
}
