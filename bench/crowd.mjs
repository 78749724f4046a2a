// A crowd, as the page sends one: how long it takes until all of it has gone through.

import { startServer } from '../reliability/programs.mjs';
import { Lab } from '../reliability/labs.mjs';

/** The most that a lab takes. */
export const CROWD = { visitors: 1000, requests: 20_000, scheme: 'session-cookie', write_fraction: 0.2 };

/** Each in a lab of its own, the first for warming up. @param {number} rounds @returns {Promise<number[]>} seconds, round by round */
export async function crowds(rounds) {
  const server = await startServer([]);
  const took = [];
  try {
    for (let round = 0; round <= rounds; round += 1) {
      const lab = new Lab(server.port, { part: 'bench', store: 'memory', labs: 1 });
      const start = performance.now();
      const { body } = await lab.control('POST', 'crowd', { ...CROWD, seed: round });
      const seconds = (performance.now() - start) / 1000;
      lab.client.close();
      const { logins, stopped, outcomes } = JSON.parse(body);
      if (stopped || logins !== CROWD.visitors || outcomes.known !== CROWD.requests) throw new Error(`a crowd did not come through: ${body}`);
      if (round > 0) took.push(seconds);
    }
  } finally {
    await server.stop();
  }
  return took;
}
