// Starts servers for the tests: Redis and memcached on free ports, and Login Lab beside them. Run as a script it
// starts all three and hands Login Lab's words on; the tests that break a store start their own.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = join(import.meta.dirname, '..');

/** The server under test: LOGIN_LAB_BIN, else the newest of the builds. */
export function builtServer() {
  if (process.env.LOGIN_LAB_BIN) return process.env.LOGIN_LAB_BIN;
  const builds = ['release', 'debug']
    .map((profile) => join(root, 'target', profile, 'login-lab'))
    .map((path) => ({ path, built: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.built - a.built);
  if (!builds[0]?.built) throw new Error('the server is not built yet: run `make build` first');
  return builds[0].path;
}

/** A port that nobody listened on just now. @returns {Promise<number>} */
export async function freePort() {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  listener.close();
  await once(listener, 'close');
  if (!address || typeof address === 'string') throw new Error('a listener without a port');
  return address.port;
}

/** @param {number} port */
async function answers(port) {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** A program that was started for the tests. */
export class Running {
  /** @param {import('node:child_process').ChildProcess} child @param {number} port @param {number} attacker */
  constructor(child, port, attacker = 0) {
    this.child = child;
    this.port = port;
    /** Where Login Lab's attacker listens; others have none. */
    this.attacker = attacker;
  }

  /** @param {NodeJS.Signals} signal */
  async stop(signal = 'SIGTERM') {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    await ended;
  }
}

/**
 * Starts a program that listens on a port, and waits until it does.
 * @param {string} program @param {(port: number) => string[]} args
 * @param {{ port?: number | undefined, env?: NodeJS.ProcessEnv, hint?: string }} [how] which port, if not any free one
 */
export async function listening(program, args, { port, env = process.env, hint = 'scripts/servers.sh installs it' } = {}) {
  const at = port ?? (await freePort());
  const child = spawn(program, args(at), { stdio: 'ignore', env });
  /** @type {Error | undefined} */
  let failed;
  child.on('error', (error) => (failed = error));
  child.on('exit', () => (failed ??= new Error(`${program} ended at once`)));
  // Not as fast as it can: it may start while others are timed.
  while (!failed && !(await answers(at))) await new Promise((resolve) => setTimeout(resolve, 2));
  if (failed) throw new Error(`${program} does not start (${failed.message}): ${hint}`);
  return new Running(child, at);
}

/** A Redis that keeps nothing on disk. @param {number} [port] the same again, after one that was stopped */
export const startRedis = (port) =>
  listening('redis-server', (at) => ['--port', `${at}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], { port });

/** A memcached. */
export const startMemcached = () =>
  listening('memcached', (at) => ['-l', '127.0.0.1', '-p', `${at}`, '-U', '0', ...(process.getuid?.() === 0 ? ['-u', 'root'] : [])]);

/** Login Lab, on free ports unless the arguments say which. @param {string[]} args */
export async function startLab(...args) {
  const free = ['--addr', '--attacker-addr'].filter((flag) => !args.includes(flag)).flatMap((flag) => [flag, '127.0.0.1:0']);
  const child = spawn(builtServer(), [...free, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const said = [await lines.next(), await lines.next()].map(({ value }) => String(value)).join(' ');
  const [, port, attacker] = /Login Lab: http:\/\/\S+:(\d+) Attacker: http:\/\/\S+:(\d+)/.exec(said) ?? [];
  if (!port) throw new Error(`Login Lab says ${said}`);
  return new Running(child, Number(port), Number(attacker));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const stores = await Promise.all([startRedis(), startMemcached()]);
  const [redis, memcached] = stores.map((store) => store.port);
  const lab = await startLab('--redis-url', `redis://127.0.0.1:${redis}`, '--memcached-url', `127.0.0.1:${memcached}`);
  const stop = async () => {
    await Promise.all([lab, ...stores].map((program) => program.stop()));
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  console.log(`Login Lab: http://localhost:${lab.port}`);
}
