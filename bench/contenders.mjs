// Who is loaded: axum alone, Login Lab with each of its choices, and its peers. All are up at once, each logged in, and each
// gives the same answer.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { builtServer } from '../end2end/serve.mjs';
import { Client } from '../reliability/client.mjs';
import { Lab, nextAddress } from '../reliability/labs.mjs';
import { startMemcachedAt, startRedisAt, startServer } from '../reliability/programs.mjs';
import { startAxum, startExpress } from './peers.mjs';
import { benchmark } from './redis.mjs';
import { wrk } from './wrk.mjs';

/** @typedef {import('./rounds.mjs').Contender} Contender */
/** @typedef {import('./wrk.mjs').Asked} Asked */
/** @typedef {import('../reliability/labs.mjs').Store} Store */

const run = promisify(execFile);

/** Started so, Login Lab keeps no record. */
const UNRECORDED = ['--record', 'off'];

/** Whether the server that is built can be started so. */
async function knows(/** @type {string} */ flag) {
  return (await run(builtServer(), ['--help'])).stdout.includes(flag);
}

/**
 * Logs in, and says how to ask from then on: with the cookie, or with the token.
 * @param {number} port @param {string} base @param {object} [json] @returns {Promise<Asked>}
 */
async function loggedIn(port, base, json) {
  const client = new Client(port, nextAddress());
  const login = await client.ask('POST', `${base}/api/login`, {}, json);
  if (login.status !== 200) throw new Error(`a login was answered with ${login.status}: ${login.body}`);
  const cookie = (login.headers['set-cookie'] ?? []).map((set) => set.split(';')[0]).join('; ');
  const headers = cookie ? { cookie } : { authorization: `Bearer ${JSON.parse(login.body).access_token}` };
  client.close();
  return { port, path: `${base}/api/me`, headers };
}

/** Whoever answers something else does something else. @param {string} name @param {Asked} asked */
async function check(name, { port, path, headers }) {
  const client = new Client(port, nextAddress());
  const { status, body } = await client.ask('GET', path, headers);
  client.close();
  const said = status === 200 ? JSON.parse(body) : {};
  const isSame = said.user?.name === 'alice' && said.user.role === 'user' && said.cart?.length === 0;
  if (!isSame || Object.keys(said).join() !== 'user,cart,scheme,expires_in' || !(said.expires_in > 0)) {
    throw new Error(`${name} answers something else: ${status} ${body}`);
  }
}

/** @param {string} id @param {string} name @param {Contender['kind']} kind @param {Asked} asked @returns {Promise<Contender>} */
async function overHttp(id, name, kind, asked) {
  await check(name, asked);
  return { id, name, kind, load: (seconds) => wrk(asked, seconds) };
}

/** A lab with its sessions in a store. @param {number} port @param {Store} store */
async function labWith(port, store) {
  const lab = new Lab(port, { part: 'bench', store, labs: 1 });
  await lab.control('PUT', 'topology', { nodes: 1, store });
  lab.client.close();
  return lab;
}

/** A lab whose tokens are signed so. @param {number} port @param {string} alg */
async function labSigning(port, alg) {
  const lab = new Lab(port, { part: 'bench', store: 'memory', labs: 1 });
  await lab.control('POST', 'keys/rotate', { alg });
  lab.client.close();
  return lab;
}

/** @param {Lab} lab @param {string} scheme */
const inLab = ({ port, id }, scheme) =>
  loggedIn(port, `/lab/${id}`, { username: 'alice', password: 'alice-password', scheme, token_lifetime: 7200 });

/** Starts everybody. */
export async function everybody() {
  const [redis, memcached] = [await startRedisAt(), await startMemcachedAt()];
  const url = `redis://127.0.0.1:${redis.port}`;
  const server = await startServer(['--redis-url', url, '--memcached-url', `127.0.0.1:${memcached.port}`]);
  const unrecorded = (await knows(UNRECORDED[0] ?? '')) ? await startServer(UNRECORDED) : undefined;
  const peers = {
    bare: await startAxum('bare'),
    tower: await startAxum('sessions'),
    towerRedis: await startAxum('sessions-redis', url),
    token: await startAxum('token'),
    express: await startExpress('sessions'),
    expressRedis: await startExpress('sessions-redis', url),
    expressToken: await startExpress('token'),
  };
  const lab = await labWith(server.port, 'memory');
  const inRedis = await inLab(await labWith(server.port, 'redis'), 'session-cookie');

  /** @type {Contender[]} */
  const contenders = [
    await overHttp('bare', 'axum alone, nothing checked', 'limit', { port: peers.bare.port, path: '/api/me', headers: {} }),
    await overHttp('memory', 'Login Lab, memory', 'lab', await inLab(lab, 'session-cookie')),
    await overHttp('token', 'Login Lab, JWT (HS256)', 'lab', await inLab(lab, 'token-storage')),
    await overHttp('token-eddsa', 'Login Lab, JWT (EdDSA)', 'lab', await inLab(await labSigning(server.port, 'EdDSA'), 'token-storage')),
    await overHttp('token-rs256', 'Login Lab, JWT (RS256)', 'lab', await inLab(await labSigning(server.port, 'RS256'), 'token-storage')),
    await overHttp('sqlite', 'Login Lab, SQLite', 'lab', await inLab(await labWith(server.port, 'sqlite'), 'session-cookie')),
    await overHttp('redis', 'Login Lab, Redis', 'lab', inRedis),
    await overHttp('memcached', 'Login Lab, memcached', 'lab', await inLab(await labWith(server.port, 'memcached'), 'session-cookie')),
    await overHttp('tower', 'axum + tower-sessions, memory', 'axum', await loggedIn(peers.tower.port, '')),
    await overHttp('tower-redis', 'axum + tower-sessions, Redis', 'axum', await loggedIn(peers.towerRedis.port, '')),
    await overHttp('axum-token', 'axum + jsonwebtoken', 'axum', await loggedIn(peers.token.port, '')),
    await overHttp('express', 'Express + express-session, memory', 'node', await loggedIn(peers.express.port, '')),
    await overHttp('express-redis', 'Express + express-session, Redis', 'node', await loggedIn(peers.expressRedis.port, '')),
    await overHttp('express-token', 'Express + jsonwebtoken', 'node', await loggedIn(peers.expressToken.port, '')),
    { id: 'get', name: 'redis-benchmark, GET', kind: 'limit', load: benchmark(redis.port) },
  ];
  if (unrecorded) {
    const asked = await inLab(await labWith(unrecorded.port, 'memory'), 'session-cookie');
    contenders.splice(2, 0, await overHttp('unrecorded', 'Login Lab, memory, no record', 'lab', asked));
  }
  const started = [...Object.values(peers), server, ...(unrecorded ? [unrecorded] : []), redis, memcached];
  return {
    ...{ contenders, server, lab, redis, inRedis },
    async stop() {
      for (const program of started) await program.stop();
    },
  };
}
