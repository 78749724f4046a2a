// What Redis itself can do, and how often it is asked.

import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { Client } from '../reliability/client.mjs';
import { nextAddress } from '../reliability/labs.mjs';
import { CONNECTIONS } from './wrk.mjs';

const run = promisify(execFile);

/** How many requests it takes at first, to see how fast it is. */
const FIRST = 20_000;

/** The one line of figures that redis-benchmark writes with --csv. @param {string} said @returns {import('./wrk.mjs').Round} */
export function readBenchmark(said) {
  const lines = said.trim().split('\n').map((line) => line.split(',').map((cell) => cell.replaceAll('"', '')));
  const head = lines.find(([first]) => first === 'test') ?? [];
  const figures = lines.find(([first]) => first === 'GET') ?? [];
  const of = (/** @type {string} */ name) => Number(figures[head.indexOf(name)]);
  const round = { perSecond: of('rps'), p50: of('p50_latency_ms'), p99: of('p99_latency_ms') };
  if (Object.values(round).some(Number.isNaN)) throw new Error(`redis-benchmark said something else: ${said}`);
  return round;
}

/** GET over as many connections as wrk has. It takes a number of requests, not a time. @param {number} port */
export function benchmark(port) {
  let perSecond = 0;
  const get = async (/** @type {number} */ requests) => {
    const args = ['-h', '127.0.0.1', '-p', `${port}`, '-t', 'get', '-c', `${CONNECTIONS}`, '-n', `${Math.ceil(requests)}`, '--csv'];
    const round = readBenchmark((await run('redis-benchmark', args)).stdout);
    perSecond = round.perSecond;
    return round;
  };
  return async (/** @type {number} */ seconds) => {
    if (perSecond === 0) await get(FIRST);
    return get(perSecond * seconds);
  };
}

/**
 * How many commands clients sent, of what MONITOR shows; what a script does inside Redis is none of them, and costs no way
 * there and back.
 * @param {string} said
 */
export const sentBy = (said) => said.split('\n').filter((line) => /^\+\d+\.\d+ \[\d+ (?!lua\])/.test(line)).length;

/** So many requests are counted in a round: what the server asks by itself, every few seconds, makes no difference then. */
const COUNTED = 1000;

/**
 * How many commands a request sends to Redis, round by round.
 * @param {number} port where Redis listens @param {import('./wrk.mjs').Asked} asked @param {number} rounds
 */
export async function commandsPerRequest(port, { port: server, path, headers }, rounds) {
  const client = new Client(server, nextAddress());
  const [monitor, last] = [connect(port, '127.0.0.1').setEncoding('utf8'), connect(port, '127.0.0.1')];
  let said = '';
  try {
    monitor.write('MONITOR\r\n');
    await once(monitor, 'data');
    monitor.on('data', (/** @type {string} */ part) => (said += part));
    const counts = [];
    for (let round = 0; round < rounds; round += 1) {
      said = '';
      for (let n = 0; n < COUNTED; n += 1) {
        const { status, body } = await client.ask('GET', path, headers);
        if (status !== 200) throw new Error(`a request was answered with ${status}: ${body}`);
      }
      // Whatever came before this has been told before it.
      last.write(`ECHO end-of-${round}\r\n`);
      while (!said.includes(`end-of-${round}`)) await once(monitor, 'data');
      counts.push((sentBy(said) - 1) / COUNTED);
    }
    return counts;
  } finally {
    client.close();
    monitor.destroy();
    last.destroy();
  }
}
