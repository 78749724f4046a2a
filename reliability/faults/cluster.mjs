// Three processes behind HAProxy, as deploy/haproxy.cfg has it. One of them is killed.

import { at, startProxy, twoPorts } from '../../deploy/behind.mjs';
import { makeLabs } from '../labs.mjs';
import { Load } from '../load.mjs';
import { own, startRedisAt, startServer } from '../programs.mjs';

/** @typedef {import('../programs.mjs').Server} Server */

/** Which one it is. */
const KILLED = 'p1';

/** @returns {Promise<import('./fault.mjs').Stage>} */
export async function cluster() {
  const redis = await startRedisAt();
  const [page, attacker] = await twoPorts();
  const args = [
    ...['--redis-url', `redis://${at(redis.port)}`, '--trusted-proxy', '127.0.0.1'],
    ...['--public-origin', `http://localhost:${page}`, '--attacker-origin', `http://${at(attacker)}`],
  ];
  /** @type {Server[]} */
  const servers = [];
  for (let n = 0; n < 3; n++) servers.push(await startServer(args));
  const places = servers.flatMap(({ port, attacker }, n) => [
    [`SERVER_${n + 1}`, at(port)],
    [`ATTACKER_${n + 1}`, at(attacker)],
  ]);
  const env = { PAGE: at(page), ATTACKER: at(attacker), ...Object.fromEntries(places) };
  const proxy = own(await startProxy('haproxy.cfg', env, page));
  const { labs, visitors } = await makeLabs(page, [
    { part: 'others', store: 'memory', labs: 20 },
    { part: 'others', store: 'redis', labs: 10 },
  ]);
  const moved = labs.filter(({ process }) => process === KILLED);
  const [first] = servers;
  if (!first || moved.length === 0) throw new Error('no lab came to the process that is to be killed');
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
          // Where a lab begins anew there is no denylist yet.
          for (const lab of moved) lab.hasDenylist = false;
          await first.stop('SIGKILL');
        },
        async end() {
          const place = ['--addr', at(first.port), '--attacker-addr', at(first.attacker)];
          servers.push(await startServer([...args, ...place]));
        },
        async also() {
          const left = [];
          for (const lab of moved) if ((await lab.control('GET', 'view')).process === KILLED) left.push(lab);
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
