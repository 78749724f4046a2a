// A display that nobody sees, for a browser that has no mode without one.

import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Starts an Xvfb, which chooses a free number itself. @param {string} hint what to do when it does not start */
export async function startDisplay(hint) {
  const options = ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'];
  const child = spawn('Xvfb', options, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const said = /** @type {import('node:stream').Readable} */ (child.stdio[3]);
  const ended = new Promise((resolve) => child.on('error', resolve).on('exit', resolve));
  const [number] = await Promise.race([
    once(said, 'data'),
    ended.then(() => Promise.reject(new Error(`Xvfb does not start: ${hint}`))),
  ]);
  const stop = async () => {
    child.kill();
    await ended;
  };
  return { name: `:${String(number).trim()}`, stop };
}
