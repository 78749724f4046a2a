// Redis and memcached: killed, frozen, full, not to be written to.

import { connect } from 'node:net';
import { startMemcachedAt, startRedisAt, tellRedis } from '../programs.mjs';
import { AWAY, EMPTY, ofStore } from './fault.mjs';

/** @typedef {import('../../end2end/serve.mjs').Running} Running */
/** @typedef {import('./fault.mjs').Fault} Fault */
/** @typedef {{ redis: Running, memcached: Running }} Stores */

const NAMES = /** @type {const} */ ({ redis: 'Redis', memcached: 'memcached' });
const STARTS = { redis: startRedisAt, memcached: startMemcachedAt };

/** @param {keyof Stores} store @returns {(stores: Stores) => Fault} */
const killed = (store) => (stores) => ({
  name: `${NAMES[store]} killed, and back empty`,
  effect: ofStore(store, EMPTY),
  felt: [503],
  begin: () => stores[store].stop('SIGKILL'),
  end: async () => (stores[store] = await STARTS[store](stores[store].port)),
});

/** @param {keyof Stores} store @returns {(stores: Stores) => Fault} */
const frozen = (store) => (stores) => ({
  name: `${NAMES[store]} frozen (SIGSTOP)`,
  effect: ofStore(store, AWAY),
  felt: [503],
  begin: async () => stores[store].child.kill('SIGSTOP'),
  end: async () => stores[store].child.kill('SIGCONT'),
});

/** @param {Stores} stores @returns {Fault} */
const redisFull = (stores) => ({
  name: 'Redis full (maxmemory, noeviction)',
  effect: ofStore('redis', AWAY),
  felt: [503],
  begin: () => tellRedis(stores.redis.port, 'CONFIG SET maxmemory-policy noeviction maxmemory 1'),
  end: () => tellRedis(stores.redis.port, 'CONFIG SET maxmemory 0'),
});

/** A replica of nobody: it has what it had, and takes nothing. @param {Stores} stores @returns {Fault} */
const redisReadOnly = (stores) => ({
  name: 'Redis read-only (a replica)',
  effect: ofStore('redis', AWAY),
  felt: [503],
  begin: () => tellRedis(stores.redis.port, 'REPLICAOF 127.0.0.1 1'),
  end: () => tellRedis(stores.redis.port, 'REPLICAOF NO ONE'),
});

/** An item of somebody else's. @param {number} n */
function set(n) {
  const bytes = 120 + Math.floor(Math.random() * 480);
  return `set flood${n} 0 0 ${bytes} noreply\r\n${'x'.repeat(bytes)}\r\n`;
}

/** Others write more than there is room for, so rows and indexes are evicted. @param {Stores} stores @returns {Fault} */
const memcachedFull = (stores) => {
  /** @type {{ socket: import('node:net').Socket, timer: NodeJS.Timeout } | undefined} */
  let flood;
  return {
    name: 'memcached full (evicts rows)',
    effect: ofStore('memcached', EMPTY),
    felt: [401],
    async begin() {
      const socket = connect(stores.memcached.port, '127.0.0.1').on('error', () => {});
      // 14 MB into 8, again and again, about 18 MB a second, of the sizes that rows and indexes have.
      const batches = Array.from({ length: 40 }, (_, batch) => Array.from({ length: 1000 }, (_, n) => set(batch * 1000 + n)).join(''));
      let n = 0;
      const write = () => socket.writableLength < 2_000_000 && socket.write(batches[(n += 1) % batches.length] ?? '');
      flood = { socket, timer: setInterval(write, 20) };
    },
    async end() {
      clearInterval(flood?.timer);
      flood?.socket.destroy();
    },
  };
};

/** @param {Stores} stores @returns {Fault[]} */
export const storeFaults = (stores) =>
  [killed('redis'), frozen('redis'), redisFull, redisReadOnly, killed('memcached'), frozen('memcached'), memcachedFull].map((make) => make(stores));
