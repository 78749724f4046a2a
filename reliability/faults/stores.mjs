// Redis and memcached: killed, frozen, full, not to be written to.

import { connect } from 'node:net';
import { startMemcachedAt, startRedisAt, tellRedis } from '../programs.mjs';
import { AWAY, EMPTY, ofStore } from './fault.mjs';

/** @typedef {import('../../end2end/serve.mjs').Running} Running */
/** @typedef {import('./fault.mjs').Fault} Fault */
/** @typedef {{ redis: Running, memcached: Running }} Stores */

/** @param {Stores} stores @returns {Fault} */
const redisKilled = (stores) => ({
  name: 'Redis killed, and back empty',
  effect: ofStore('redis', EMPTY),
  felt: [503],
  begin: () => stores.redis.stop('SIGKILL'),
  end: async () => (stores.redis = await startRedisAt(stores.redis.port)),
});

/** @param {Stores} stores @returns {Fault} */
const redisFrozen = (stores) => ({
  name: 'Redis frozen (SIGSTOP)',
  effect: ofStore('redis', AWAY),
  felt: [503],
  begin: async () => stores.redis.child.kill('SIGSTOP'),
  end: async () => stores.redis.child.kill('SIGCONT'),
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

/** @param {Stores} stores @returns {Fault} */
const memcachedKilled = (stores) => ({
  name: 'memcached killed, and back empty',
  effect: ofStore('memcached', EMPTY),
  felt: [503],
  begin: () => stores.memcached.stop('SIGKILL'),
  end: async () => (stores.memcached = await startMemcachedAt(stores.memcached.port)),
});

/** @param {Stores} stores @returns {Fault} */
const memcachedFrozen = (stores) => ({
  name: 'memcached frozen (SIGSTOP)',
  effect: ofStore('memcached', AWAY),
  felt: [503],
  begin: async () => stores.memcached.child.kill('SIGSTOP'),
  end: async () => stores.memcached.child.kill('SIGCONT'),
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
  [redisKilled, redisFrozen, redisFull, redisReadOnly, memcachedKilled, memcachedFrozen, memcachedFull].map((make) => make(stores));
