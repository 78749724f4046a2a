// How much memory labs take: reliability/sizes.mjs measures it, and its table is read here.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/**
 * A row of its table.
 * @typedef {{ what: string, mb: number, kb: number, goal: number }} Size
 */

/** @param {string} said @returns {Size[]} */
export function readSizes(said) {
  const rows = [...said.matchAll(/^\| ([^|]+) \| ([\d.]+) MB \| ([\d.]+) KB \| ([\d.]+) KB \|/gm)];
  if (rows.length === 0) throw new Error(`no sizes were measured: ${said}`);
  return rows.map(([, what = '', mb, kb, goal]) => ({ what, mb: Number(mb), kb: Number(kb), goal: Number(goal) }));
}

/** It ends as failed where a goal is missed; that is said here. */
export async function sizes() {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../reliability/sizes.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
  // It ends with this program, however that ends.
  process.on('exit', () => child.kill());
  const [said] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return readSizes(said);
}
