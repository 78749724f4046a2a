// How the machine was meanwhile. A store has 300 ms to answer: where others leave no processor free for so long, it does
// not, and what is late then says nothing of the server.

import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

/** A thread that is woken so late says that others had the processors: a third of a store's deadline. In milliseconds. */
export const HELD_UP = 100;
/** How long the thread sleeps, in milliseconds. */
const SLEEPS = 10;

/** A thread that does nothing but sleep, and looks how late it is woken. */
export class Machine {
  #worker = new Worker(fileURLToPath(import.meta.url));

  constructor() {
    this.#worker.unref();
  }

  /** How late it was woken at the most since this was asked last, in milliseconds. @returns {Promise<number>} */
  heldUp() {
    return new Promise((resolve) => {
      this.#worker.once('message', resolve);
      this.#worker.postMessage('since');
    });
  }

  /** How late, in words. @returns {Promise<string>} */
  said() {
    return new Promise((resolve) => {
      this.#worker.once('message', resolve);
      this.#worker.postMessage('how late?');
    });
  }
}

if (!isMainThread && parentPort) {
  const port = parentPort;
  /** @type {number[]} */
  const late = [];
  let [most, since] = [0, 0];
  let due = performance.now() + SLEEPS;
  const wake = () => {
    const now = performance.now();
    late.push(now - due);
    since = Math.max(since, now - due);
    due = now + SLEEPS;
    setTimeout(wake, SLEEPS);
  };
  setTimeout(wake, SLEEPS);
  port.on('message', (asked) => {
    if (asked === 'since') {
      port.postMessage(since);
      most = Math.max(most, since);
      since = 0;
      return;
    }
    late.sort((a, b) => a - b);
    const ms = (/** @type {number} */ share) => Math.round(late[Math.floor((late.length - 1) * share)] ?? 0);
    port.postMessage(`who only sleeps is woken ${ms(0.99)} ms late in 1 of 100 times, ${ms(0.999)} in 1 of 1000, ${Math.round(Math.max(most, since))} at the most`);
  });
}
