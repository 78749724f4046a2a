// How the machine was meanwhile. A store has 300 ms to answer: where others leave no processor free for so long, it does
// not, and what fails then says nothing of the server. So it is said beside the verdict, which stays as it is.

import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

/** How long the thread sleeps, in milliseconds. */
const SLEEPS = 10;

/** A thread that does nothing but sleep, and looks how late it is woken. */
export class Machine {
  #worker = new Worker(fileURLToPath(import.meta.url));

  constructor() {
    this.#worker.unref();
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
  let due = performance.now() + SLEEPS;
  const wake = () => {
    const now = performance.now();
    late.push(now - due);
    due = now + SLEEPS;
    setTimeout(wake, SLEEPS);
  };
  setTimeout(wake, SLEEPS);
  port.on('message', () => {
    late.sort((a, b) => a - b);
    const ms = (/** @type {number} */ share) => Math.round(late[Math.floor((late.length - 1) * share)] ?? 0);
    port.postMessage(`who only sleeps is woken ${ms(0.99)} ms late in 1 of 100 times, ${ms(0.999)} in 1 of 1000, ${ms(1)} at the most`);
  });
}
