// wrk: one thread that keeps 32 connections busy. Each asks again as soon as it is answered.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** As many as Login Lab works on for one client at once. */
export const CONNECTIONS = 32;

/**
 * What one round comes to.
 * @typedef {object} Round
 * @property {number} perSecond requests
 * @property {number} p50 milliseconds
 * @property {number} p99
 */

/** What is asked. @typedef {{ port: number, path: string, headers: Record<string, string> }} Asked */

const MS = { us: 0.001, ms: 1, s: 1000, m: 60_000 };

/** @param {string} said @param {string} share */
function percentile(said, share) {
  const [, number, unit] = new RegExp(`^\\s+${share}%\\s+([\\d.]+)(us|ms|s|m) *$`, 'm').exec(said) ?? [];
  if (!unit) throw new Error(`wrk did not say its ${share} %: ${said}`);
  return Number(number) * MS[/** @type {keyof typeof MS} */ (unit)];
}

/** What wrk says, with --latency. An answer that is none makes all of it worth nothing. @param {string} said @returns {Round} */
export function read(said) {
  const [wrong] = /^.*(Non-2xx|Socket errors).*$/m.exec(said) ?? [];
  if (wrong) throw new Error(`not every request was answered: ${wrong.trim()}`);
  const perSecond = Number(/^Requests\/sec:\s+([\d.]+)$/m.exec(said)?.[1]);
  if (!(perSecond > 0)) throw new Error(`wrk got no answers: ${said}`);
  return { perSecond, p50: percentile(said, '50'), p99: percentile(said, '99') };
}

/** @param {Asked} asked @param {number} seconds */
export async function wrk({ port, path, headers }, seconds) {
  // In small letters wrk would send its own beside it.
  const all = Object.entries({ Host: `localhost:${port}`, ...headers }).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const args = ['-t', '1', '-c', `${CONNECTIONS}`, '-d', `${seconds}s`, '--latency', ...all, `http://127.0.0.1:${port}${path}`];
  const { stdout } = await run('wrk', args);
  return read(stdout);
}
