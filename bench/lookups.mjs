// How much longer it takes to find a session among a million than among a thousand: server/src/bin/lookups.rs measures it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startRedisAt } from '../reliability/programs.mjs';

/**
 * What it writes of a store.
 * @typedef {{ store: string, few: number, many: number, rounds: [number, number][] }} Lookups
 */

/** @param {string} said @returns {Lookups[]} */
export function readLookups(said) {
  const all = said.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  const stores = all.map(({ store }) => store).join();
  if (stores !== 'memory,sqlite,redis') throw new Error(`not every store was measured: ${stores}`);
  return all;
}

/** @param {number} rounds @param {number} sessions how many are many */
export async function lookups(rounds, sessions) {
  const [few, many] = [await startRedisAt(), await startRedisAt()];
  try {
    const redis = { FEW_REDIS: `redis://127.0.0.1:${few.port}`, MANY_REDIS: `redis://127.0.0.1:${many.port}` };
    const env = { ...process.env, ...redis, ROUNDS: `${rounds}`, SESSIONS: `${sessions}` };
    const child = spawn(join(import.meta.dirname, '../target/release/lookups'), { env, stdio: ['ignore', 'pipe', 'inherit'] });
    // It ends with this program, however that ends.
    process.on('exit', () => child.kill());
    const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    if (code !== 0) throw new Error(`lookups ended with ${code}`);
    return readLookups(said);
  } finally {
    await Promise.all([few.stop(), many.stop()]);
  }
}
