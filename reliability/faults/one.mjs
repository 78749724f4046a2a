// One process with a Redis, a memcached and a file for SQLite beside it.

import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeLabs } from '../labs.mjs';
import { Load } from '../load.mjs';
import { startMemcachedAt, startRedisAt, startServer } from '../programs.mjs';
import { clockForward, nodeStopped, processStartedAgain } from './inside.mjs';
import { canMount, sqliteDiskFull, sqliteFileLimit, sqliteLocked } from './sqlite.mjs';
import { storeFaults } from './stores.mjs';

const FILE = 'sessions.sqlite';

/** @type {readonly import('../labs.mjs').Plan[]} */
const PLANS = [
  { part: 'others', store: 'memory', labs: 8 },
  { part: 'redis', store: 'redis', labs: 5 },
  { part: 'redis', store: 'redis', nodes: 3, labs: 2 },
  { part: 'memcached', store: 'memcached', labs: 4 },
  { part: 'memcached', store: 'memcached', nodes: 3, labs: 2 },
  { part: 'sqlite', store: 'sqlite', labs: 4 },
  { part: 'sqlite', store: 'sqlite', nodes: 3, labs: 2 },
  { part: 'nodes', store: 'memory', labs: 2 },
  { part: 'nodes', store: 'memory', nodes: 3, sticky: true, labs: 2 },
  { part: 'nodes', store: 'replicated', nodes: 3, sticky: true, labs: 2 },
  { part: 'clock', store: 'memory', labs: 1 },
  { part: 'clock', store: 'redis', labs: 1 },
  { part: 'clock', store: 'sqlite', labs: 1 },
];

/** @returns {Promise<import('./fault.mjs').Stage>} */
export async function one() {
  const directory = await mkdtemp(join(tmpdir(), 'login-lab-faults-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  const stores = { redis: await startRedisAt(), memcached: await startMemcachedAt() };
  const mounts = await canMount();
  const args = [
    ...['--redis-url', `redis://127.0.0.1:${stores.redis.port}`, '--memcached-url', `127.0.0.1:${stores.memcached.port}`],
    ...['--sqlite', join(directory, FILE)],
  ];
  // Where a limit on a file's size is met, a signal comes first, and it would end the process.
  const shell = `trap '' XFSZ${mounts ? ` && mount -t tmpfs -o size=12m tmpfs '${directory}'` : ''}`;
  const server = await startServer(args, shell);
  const servers = [server];
  const now = () => servers.at(-1) ?? server;
  // A disk of the process's own is seen by way of the process. SQLite takes another way: it looks for the file's real name.
  const file = () => `${mounts ? `/proc/${now().pid}/root` : ''}${join(directory, FILE)}`;
  const own = () => join(directory, FILE);
  const inside = () => (mounts ? ['nsenter', '-t', `${now().pid}`, '-U', '-m', '--preserve-credentials'] : []);
  const again = async () => {
    const place = ['--addr', `127.0.0.1:${server.port}`, '--attacker-addr', `127.0.0.1:${server.attacker}`];
    servers.push(await startServer([...args, ...place], shell));
  };
  const { labs, visitors } = await makeLabs(server.port, PLANS);
  const load = new Load(visitors);
  return {
    name: 'one process, with Redis, memcached and a file for SQLite',
    ...{ servers, labs, load },
    faults: [
      ...(mounts ? [sqliteDiskFull(file, own, inside)] : []),
      ...storeFaults(stores),
      sqliteLocked(own, inside),
      sqliteFileLimit(now),
      nodeStopped(labs),
      clockForward(labs),
      processStartedAgain(now, again, load, labs),
    ],
    notRun: mounts ? [] : ['SQLite on a full disk: nobody may have a disk of their own here (unshare, mount)'],
    async stop() {
      await now().stop();
      await Promise.all([stores.redis.stop('SIGKILL'), stores.memcached.stop('SIGKILL')]);
    },
  };
}
