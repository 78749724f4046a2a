// The wire to a store: slow, now slow and now not, a hole, cut within an answer.

import { Between } from '../between.mjs';
import { makeLabs } from '../labs.mjs';
import { Load } from '../load.mjs';
import { startMemcachedAt, startRedisAt, startServer } from '../programs.mjs';
import { AWAY, ofStore } from './fault.mjs';

/** @typedef {import('./fault.mjs').Fault} Fault */

/** Each with the deadline of 300 ms that the server has for a store. @type {readonly [string, import('../between.mjs').Wire][]} */
const WIRES = [
  ['is slow (400 ms)', { is: 'late', ms: () => 400 }],
  // There and back: some in time, some not.
  ['is unsteady (200 to 400 ms)', { is: 'late', ms: () => 100 + Math.random() * 100 }],
  ['is a hole that swallows everything', { is: 'swallows' }],
  ['is cut within answers', { is: 'cuts' }],
];

/** @param {'redis' | 'memcached'} store @param {string} shown @param {Between} between @returns {Fault[]} */
const wireFaults = (store, shown, between) =>
  WIRES.map(([what, wire]) => ({
    name: `The wire to ${shown} ${what}`,
    effect: ofStore(store, AWAY),
    felt: [503],
    begin: async () => (between.wire = wire),
    end: async () => (between.wire = { is: 'whole' }),
  }));

/** One process, with its stores behind wires that can be bad. @returns {Promise<import('./fault.mjs').Stage>} */
export async function wires() {
  const stores = [await startRedisAt(), await startMemcachedAt()];
  const [redis, memcached] = await Promise.all(stores.map((store) => new Between(store.port).start()));
  if (!redis || !memcached) throw new Error('two stores have two wires');
  const where = ['--redis-url', `redis://127.0.0.1:${redis.port}`, '--memcached-url', `127.0.0.1:${memcached.port}`];
  const server = await startServer(where);
  const { labs, visitors } = await makeLabs(server.port, [
    { part: 'others', store: 'memory', labs: 8 },
    { part: 'redis', store: 'redis', labs: 6 },
    { part: 'redis', store: 'redis', nodes: 3, labs: 2 },
    { part: 'memcached', store: 'memcached', labs: 6 },
    { part: 'memcached', store: 'memcached', nodes: 3, labs: 2 },
  ]);
  return {
    name: 'one process, and wires to its stores that can be bad',
    ...{ servers: [server], labs, load: new Load(visitors), notRun: [] },
    faults: [...wireFaults('redis', 'Redis', redis), ...wireFaults('memcached', 'memcached', memcached)],
    async stop() {
      await server.stop();
      for (const between of [redis, memcached]) between.stop();
      await Promise.all(stores.map((store) => store.stop('SIGKILL')));
    },
  };
}
