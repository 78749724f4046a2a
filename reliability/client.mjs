// One who asks: a connection that is kept, from an address of its own, so that the bounds of a client are each one's own.
// The whole of 127.0.0.0/8 is this machine.

import { Agent, request } from 'node:http';

/** How long an answer is waited for: longer than whatever the server waits for. */
const PATIENCE = 15_000;

/**
 * @typedef {import('./judge.mjs').Answer & {
 *   headers: import('node:http').IncomingHttpHeaders,
 *   process: string | undefined,
 * }} Heard
 */

export class Client {
  #agent;

  /** @param {number} port @param {string} address @param {boolean} [keepAlive] else each request has a connection of its own */
  constructor(port, address, keepAlive = true) {
    this.#agent = new Agent({ keepAlive, maxSockets: 1 });
    this.port = port;
    this.address = address;
  }

  /**
   * Asks, and waits for the whole answer. What does not come is an answer with status 0 that says why.
   * @param {string} method @param {string} path
   * @param {import('node:http').OutgoingHttpHeaders} [headers] @param {object} [json]
   * @returns {Promise<Heard>}
   */
  ask(method, path, headers = {}, json) {
    const sent = performance.now();
    const payload = json && JSON.stringify(json);
    return new Promise((resolve) => {
      /** @param {number} status @param {string} body @param {import('node:http').IncomingHttpHeaders} [headers] */
      const end = (status, body, headers = {}) => {
        const process = headers['x-process'];
        resolve({
          ...{ status, body, headers, sent, received: performance.now() },
          ...{ retryAfter: headers['retry-after'], process: process && String(process) },
        });
      };
      const asking = request({
        ...{ host: '127.0.0.1', port: this.port, path, method, agent: this.#agent, localAddress: this.address },
        ...{ timeout: PATIENCE, maxHeaderSize: 64 * 1024 },
        headers: {
          host: `localhost:${this.port}`,
          ...(payload && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
          ...headers,
        },
      });
      asking.on('timeout', () => asking.destroy(new Error('nothing came in time')));
      asking.on('error', (error) => end(0, error.message));
      asking.on('response', (answer) => {
        let body = '';
        answer.setEncoding('utf8');
        answer.on('data', (part) => (body += part));
        answer.on('end', () => end(answer.statusCode ?? 0, body, answer.headers));
        answer.on('error', (error) => end(0, error.message));
      });
      asking.end(payload);
    });
  }

  close() {
    this.#agent.destroy();
  }
}
