// A wire that can be bad: a proxy between the server and a store, which passes on what comes late, not at all, or not whole.

import { connect, createServer } from 'node:net';
import { once } from 'node:events';

/**
 * How the wire is. Each chunk is passed on in its order.
 * - `whole`: as it comes
 * - `late`: after so long
 * - `swallows`: nothing goes through any more, and nobody is told; so it is for every connection that met it, for ever
 * - `cuts`: of an answer comes the half, and then the end
 * @typedef {{ is: 'whole' } | { is: 'late', ms: () => number } | { is: 'swallows' } | { is: 'cuts' }} Wire
 */

export class Between {
  /** @type {Wire} */
  wire = { is: 'whole' };
  /** @type {Set<import('node:net').Socket>} */
  #sockets = new Set();
  #listener = createServer((socket) => this.#carry(socket));

  /** @param {number} store the port where the store listens */
  constructor(store) {
    this.store = store;
  }

  async start() {
    this.#listener.listen(0, '127.0.0.1');
    await once(this.#listener, 'listening');
    const address = this.#listener.address();
    if (!address || typeof address === 'string') throw new Error('a listener without a port');
    this.port = address.port;
    return this;
  }

  /** @param {import('node:net').Socket} caller */
  #carry(caller) {
    const store = connect(this.store, '127.0.0.1');
    const bad = { isDead: false };
    for (const [from, to, isAnswer] of /** @type {const} */ ([
      [caller, store, false],
      [store, caller, true],
    ])) {
      this.#sockets.add(from);
      from.setNoDelay(true);
      let before = Promise.resolve();
      from.on('data', (chunk) => {
        const { wire } = this;
        if (wire.is === 'swallows') bad.isDead = true;
        if (bad.isDead) return;
        if (wire.is === 'cuts' && isAnswer) {
          bad.isDead = true;
          to.end(chunk.subarray(0, Math.floor(chunk.length / 2)));
          from.destroy();
          return;
        }
        const ms = wire.is === 'late' ? wire.ms() : 0;
        const due = ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : undefined;
        // What is late holds up what comes after it.
        before = before.then(() => due).then(() => void (to.destroyed || to.write(chunk)));
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        void before.then(() => to.destroy());
      });
    }
  }

  stop() {
    this.#listener.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
