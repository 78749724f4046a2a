// What it costs to be watched: the same lab is loaded with event streams open and without, by turns.

import { once } from 'node:events';
import { request } from 'node:http';
import { Client } from '../reliability/client.mjs';
import { Lab, nextAddress } from '../reliability/labs.mjs';

/** In all. A lab takes 32 at the most, so the lab that is loaded has these, and other labs have the rest. */
export const STREAMS = 100;
export const OF_THE_LAB = 32;

/** Opens an event stream, and reads all of it. @param {Lab} lab @param {string} address */
async function listen({ port, id }, address) {
  const path = `/lab/${id}/control/events`;
  const headers = { host: `localhost:${port}` };
  const asking = request({ host: '127.0.0.1', port, path, localAddress: address, agent: false, headers }).end();
  const [answer] = await once(asking, 'response');
  if (answer.statusCode !== 200) throw new Error(`an event stream was answered with ${answer.statusCode}`);
  await once(answer, 'data');
  answer.resume();
  // It is cut in the middle: that is no news.
  answer.on('error', () => {});
  return answer;
}

/** How many streams the process counts. @param {Client} client */
async function counted(client) {
  const { body } = await client.ask('GET', '/metrics');
  return Number(/^login_lab_event_streams (\d+)$/m.exec(body)?.[1]);
}

/**
 * @param {Lab} lab the one that is loaded @param {(seconds: number) => Promise<import('./wrk.mjs').Round>} load
 * @param {number} rounds @param {number} seconds
 * @returns {Promise<number[]>} the share of requests a second that they cost, round by round
 */
export async function watched(lab, load, rounds, seconds) {
  /** @type {Lab[]} */
  const others = [];
  for (let streams = STREAMS - OF_THE_LAB; streams > 0; streams -= OF_THE_LAB) {
    const other = new Lab(lab.port, { part: 'bench', store: 'memory', labs: 1 });
    await other.control('GET', 'view');
    other.client.close();
    others.push(...Array(Math.min(streams, OF_THE_LAB)).fill(other));
  }
  const client = new Client(lab.port, nextAddress(), false);
  const address = nextAddress();
  const withStreams = async () => {
    const streams = [];
    for (const one of [...Array(OF_THE_LAB).fill(lab), ...others]) streams.push(await listen(one, address));
    if ((await counted(client)) !== STREAMS) throw new Error('the process counts other streams');
    const { perSecond } = await load(seconds);
    if ((await counted(client)) !== STREAMS) throw new Error('some streams have ended');
    for (const stream of streams) stream.destroy();
    while ((await counted(client)) > 0);
    return perSecond;
  };
  const without = async () => (await load(seconds)).perSecond;
  const costs = [];
  for (let round = 0; round < rounds; round += 1) {
    // Either comes first in turn.
    const first = round % 2 ? await withStreams() : await without();
    const second = round % 2 ? await without() : await withStreams();
    costs.push(round % 2 ? 1 - first / second : 1 - second / first);
  }
  client.close();
  return costs;
}
