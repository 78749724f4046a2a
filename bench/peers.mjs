// Starts the peers: axum's, which `make bench` builds, and Express's.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Running } from '../end2end/serve.mjs';
import { own } from '../reliability/programs.mjs';

const root = join(import.meta.dirname, '..');

/** A program that says in its first line on which port it listens. @param {string} program @param {string[]} args */
async function start(program, args) {
  const env = { ...process.env, NODE_ENV: 'production' };
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  let wrong = '';
  child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ part) => (wrong += part.slice(0, 500 - wrong.length)));
  const lines = createInterface({ input: child.stdout });
  const line = await Promise.race([once(lines, 'line'), once(lines, 'close')]);
  const port = Number(line[0]);
  if (!port) throw new Error(`${program} ${args.join(' ')} does not start: ${wrong}`);
  return own(new Running(child, port));
}

/** @param {string[]} args */
export const startAxum = (...args) => start(join(root, 'target/bench/release/peers'), args);

/** @param {string[]} args */
export const startExpress = (...args) => start(process.execPath, [join(root, 'bench/peers/node/peer.mjs'), ...args]);
