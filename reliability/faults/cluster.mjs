// Three processes behind HAProxy, as deploy/haproxy.cfg has it. One of them is killed.

import { at, places, ports, startProxy } from '../../deploy/behind.mjs';
import { makeLabs } from '../labs.mjs';
import { Load } from '../load.mjs';
import { own, startRedisAt, startServer } from '../programs.mjs';

/** @typedef {import('../programs.mjs').Server} Server */

/** @returns {Promise<import('./fault.mjs').Stage>} */
export async function cluster() {
  const redis = await startRedisAt();
  const [page = 0, attacker = 0] = await ports(2);
  const args = [
    ...['--redis-url', `redis://${at(redis.port)}`, '--trusted-proxy', '127.0.0.1'],
    ...['--public-origin', `http://localhost:${page}`, '--attacker-origin', `http://${at(attacker)}`],
  ];
  /** @type {Server[]} */
  const servers = [];
  for (let n = 0; n < 3; n++) servers.push(await startServer(args));
  const env = { PAGE: at(page), ATTACKER: at(attacker), ...places(servers) };
  const proxy = own(await startProxy('haproxy.cfg', env, page));
  const { labs, visitors } = await makeLabs(page, [
    { part: 'others', store: 'memory', labs: 20 },
    { part: 'others', store: 'redis', labs: 10 },
  ]);
  /** Which process is under which name, now. */
  const named = new Map(servers.map((server, n) => [`p${n + 1}`, server]));
  /** Whose process it is that is killed: the one that has the first lab. @type {readonly import('../labs.mjs').Lab[]} */
  let moved = [];
  let killed = '';
  return {
    name: 'three processes behind HAProxy',
    ...{ servers, labs, load: new Load(visitors), notRun: [] },
    faults: [
      {
        name: 'A process behind HAProxy killed (SIGKILL)',
        // Its labs begin anew elsewhere: what was given out before is good nowhere.
        effect: ({ lab }) => (moved.includes(lab) ? { cuts: 'process', loses: true } : undefined),
        felt: [401, 502],
        isMoment: true,
        async begin() {
          for (const lab of labs) await lab.control('GET', 'view');
          killed = labs[0]?.process ?? '';
          moved = labs.filter(({ process }) => process === killed);
          // Where a lab begins anew there is no denylist yet.
          for (const lab of moved) lab.hasDenylist = false;
          await named.get(killed)?.stop('SIGKILL');
        },
        async end() {
          const before = named.get(killed);
          if (!before) throw new Error(`no process is called ${killed}`);
          const place = ['--addr', at(before.port), '--attacker-addr', at(before.attacker)];
          const after = await startServer([...args, ...place]);
          named.set(killed, after);
          servers.push(after);
        },
        async also() {
          const left = [];
          for (const lab of moved) if ((await lab.control('GET', 'view')).process === killed) left.push(lab);
          return left.length > 0 ? [`${left.length} labs went back`] : [];
        },
      },
    ],
    async stop() {
      await proxy.stop();
      await Promise.all([...servers, redis].map((program) => program.stop()));
    },
  };
}
