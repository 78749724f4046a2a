// The rounds: everybody is up, one after the other is loaded, in another order each time.

import { median, turned } from './statistics.mjs';

/** @typedef {import('./wrk.mjs').Round} Round */

/**
 * Somebody who is loaded.
 * @typedef {object} Contender
 * @property {string} id
 * @property {string} name
 * @property {'limit' | 'lab' | 'axum' | 'node'} kind
 * @property {(seconds: number) => Promise<Round>} load
 */

/** How long each is warmed up, in seconds. */
const WARM = 1;

/** What came of the rounds, by the id of who was loaded. @typedef {Map<string, Round[]>} Rounds */

/**
 * @param {readonly Contender[]} contenders @param {number} rounds @param {number} seconds how long each is loaded in a round
 * @returns {Promise<Rounds>}
 */
export async function alternate(contenders, rounds, seconds) {
  /** @type {Rounds} */
  const results = new Map(contenders.map(({ id }) => [id, []]));
  for (const { load } of contenders) await load(WARM);
  for (let round = 0; round < rounds; round += 1) {
    for (const { id, load } of turned(contenders, round)) results.get(id)?.push(await load(seconds));
    console.log(`  round ${round + 1} of ${rounds}`);
  }
  return results;
}

/** One figure of each round. @param {Rounds} results @param {string} id @param {keyof Round} figure */
export function figures(results, id, figure) {
  const rounds = results.get(id);
  if (!rounds) throw new Error(`${id} was not loaded`);
  return rounds.map((round) => round[figure]);
}

/** @param {Rounds} results @param {string} id @param {keyof Round} figure */
export const middle = (results, id, figure) => median(figures(results, id, figure));
