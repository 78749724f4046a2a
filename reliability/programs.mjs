// The programs of a run: Login Lab with its log, the stores beside it, and what is said to these by hand.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { builtServer, listening, Running, startRedis } from '../end2end/serve.mjs';

const root = join(import.meta.dirname, '..');

/** What is to end with this program, however that ends. @type {Set<import('node:child_process').ChildProcess>} */
const owned = new Set();
process.on('exit', () => owned.forEach((child) => child.kill('SIGKILL')));
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => process.exit(130));

/** Sees to it that a program ends with this one. @template {Running} T @param {T} program */
export function own(program) {
  owned.add(program.child);
  program.child.on('exit', () => owned.delete(program.child));
  return program;
}

/** A process of Login Lab. What it writes to its log is kept. */
export class Server extends Running {
  log = '';
  /** Whether it was to end. */
  wasEnded = false;

  /** @param {import('node:child_process').ChildProcess} child @param {number} port @param {number} attacker */
  constructor(child, port, attacker) {
    super(child, port, attacker);
    child.stderr?.setEncoding('utf8').on('data', (/** @type {string} */ part) => (this.log += part));
  }

  get pid() {
    return this.child.pid ?? 0;
  }

  /** What is wrong with it, but for what was done to it. @returns {string[]} */
  get wrongs() {
    const panics = this.log.split('\n').filter((line) => line.includes('panicked'));
    const ended = this.child.exitCode ?? this.child.signalCode;
    return [
      ...panics.map((line) => `panic: ${line}`),
      ...(ended !== null && !this.wasEnded ? [`process ${this.pid} ended by itself: ${ended}`] : []),
    ];
  }

  get panics() {
    return this.log.split('panicked').length - 1;
  }

  /** @param {NodeJS.Signals} [signal] */
  async stop(signal) {
    this.wasEnded = true;
    await super.stop(signal);
  }

  /** Of what the system tells of it. @param {string} name such as VmRSS */
  async status(name) {
    const text = await readFile(`/proc/${this.pid}/status`, 'utf8');
    return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]);
  }

  async descriptors() {
    return (await readdir(`/proc/${this.pid}/fd`)).length;
  }
}

/**
 * Starts Login Lab, on free ports unless the arguments say which.
 * @param {string[]} args @param {string} [shell] what a shell does before it becomes the program
 */
export async function startServer(args, shell = '') {
  const free = ['--addr', '--attacker-addr'].filter((flag) => !args.includes(flag)).flatMap((flag) => [flag, '127.0.0.1:0']);
  const inner = ['sh', '-c', `${shell && `${shell} && `}exec "$0" "$@"`, builtServer(), ...free, ...args];
  const [program = '', ...rest] = shell.includes('mount ') ? ['unshare', '-rm', ...inner] : inner;
  const child = spawn(program, rest, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let wrong = '';
  child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ part) => (wrong += part.slice(0, 500 - wrong.length)));
  const said = [await lines.next(), await lines.next()].map(({ value }) => String(value)).join(' ');
  const [, port, attacker] = /Login Lab: http:\/\/\S+:(\d+) Attacker: http:\/\/\S+:(\d+)/.exec(said) ?? [];
  if (!port) throw new Error(`Login Lab does not start: ${wrong || said}`);
  return own(new Server(child, Number(port), Number(attacker)));
}

/** A Redis. @param {number} [port] the same again, after one that was stopped */
export const startRedisAt = async (port) => own(await startRedis(port));

/**
 * A memcached with little room, which does not look after what is asked for often: it lets go of what was written long ago.
 * @param {number} [port] the same again, after one that was stopped
 */
export const startMemcachedAt = async (port) => {
  const args = (/** @type {number} */ at) => ['-l', '127.0.0.1', '-p', `${at}`, '-U', '0', '-m', '8', '-o', 'no_modern'];
  const user = process.getuid?.() === 0 ? ['-u', 'root'] : [];
  return own(await listening('memcached', (at) => [...args(at), ...user], { port }));
};

/**
 * Says something to a store, in its own words, and waits for the first line of its answer.
 * @param {number} port @param {string} line
 */
export async function say(port, line) {
  const socket = connect(port, '127.0.0.1');
  try {
    socket.write(`${line}\r\n`);
    const [answer] = await once(socket.setEncoding('utf8'), 'data');
    return String(answer).trim();
  } finally {
    socket.destroy();
  }
}

/** The same to Redis, which has to agree. @param {number} port @param {string} line */
export async function tellRedis(port, line) {
  const answer = await say(port, line);
  if (!answer.startsWith('+OK')) throw new Error(`Redis said ${answer} to ${line}`);
}

/** Runs a program to its end. @param {string} program @param {string[]} args @returns {Promise<boolean>} whether it did well */
export async function run(program, ...args) {
  const child = spawn(program, args, { stdio: 'ignore' });
  return new Promise((resolve) => {
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
  });
}
