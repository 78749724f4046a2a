// The life of a lab: it is made, people come, log in, ask, look on, run a crowd, and leave.

import { request } from 'node:http';
import { judge } from './judge.mjs';
import { Lab, nextAddress } from './labs.mjs';
import { sleep } from './load.mjs';
import { Visitor } from './visitor.mjs';

/** @typedef {import('./trend.mjs').Done} Done */

/** How long one is, in milliseconds, and how long a visitor waits between two requests on average. */
const LIFE = 15_000;
const PAUSE = 60;
/** How long an event stream is listened to, at the most. */
const LISTENS = 6000;
/** And how long its first word is waited for. */
const PATIENCE = 10_000;
/** One life in so many has a crowd. */
const CROWDS = 12;

const LIVES = /** @type {const} */ ([
  ['alice', 'session-cookie'],
  ['bob', 'token-storage'],
  ['carol', 'session-storage'],
  ['alice', 'token-cookie'],
]);
/** @type {readonly Omit<import('./labs.mjs').Plan, 'labs'>[]} */
const PLANS = [
  { part: 'soak', store: 'memory' },
  { part: 'soak', store: 'redis', nodes: 3 },
  { part: 'soak', store: 'memcached', nodes: 2 },
  { part: 'soak', store: 'sqlite' },
  { part: 'soak', store: 'replicated', nodes: 3, sticky: true },
];

/** Nothing is broken here, so nothing may fail. */
const NEVER = { begin: Infinity, end: Infinity };

export class Lives {
  /** @type {Done} */
  done = { requests: 0, labs: 0, streams: 0, crowds: 0, pages: 0 };
  /** @type {string[]} */
  wrongs = [];
  #n = 0;
  isOn = true;

  /** @param {number} port */
  constructor(port) {
    this.port = port;
  }

  /** One life after the other. */
  async live() {
    await sleep(Math.random() * LIFE);
    while (this.isOn) {
      const n = (this.#n += 1);
      await this.#life(n).catch((error) => this.wrongs.push(`a life ended early: ${error.message}`));
    }
  }

  /** @param {number} n */
  async #life(n) {
    const plan = PLANS[n % PLANS.length] ?? { part: 'soak', store: 'memory' };
    const lab = new Lab(this.port, { ...plan, labs: 1 });
    await lab.make();
    this.done.labs += 1;
    const until = performance.now() + LIFE;
    const who = LIVES.map(([user, scheme]) => new Visitor(lab, nextAddress(), user, scheme));
    await Promise.all([
      ...who.map((visitor) => this.#visit(visitor, until)),
      this.#listen(lab, until),
      this.#load(lab, until),
      ...(n % CROWDS === 0 ? [this.#crowd(lab)] : []),
    ]);
    for (const { client } of [lab, ...who]) client.close();
  }

  /** @param {Visitor} visitor @param {number} until */
  async #visit(visitor, until) {
    await sleep(Math.random() * 500);
    while (performance.now() < until) {
      const { asked, answer } = await visitor.next(Math.random());
      this.done.requests += 1;
      const found = judge(asked, answer, undefined, NEVER);
      if (found) this.wrongs.push(`${found.kind}: ${found.detail} [${visitor.lab.plan.store}, ${visitor.scheme}]`);
      await sleep(Math.random() * 2 * PAUSE);
    }
  }

  /** Opens the event stream, and cuts it in the middle. @param {Lab} lab @param {number} until */
  async #listen(lab, until) {
    while (performance.now() < until) {
      const heard = await new Promise((resolve) => {
        const headers = { host: `localhost:${this.port}` };
        const path = `/lab/${lab.id}/control/events`;
        const asking = request({ host: '127.0.0.1', port: this.port, path, agent: false, localAddress: lab.client.address, headers });
        let [bytes, status] = [0, 0];
        const cut = (/** @type {number} */ ms) => setTimeout(() => asking.destroy(), ms);
        // One that says nothing is waited for, and is wrong.
        let timer = cut(PATIENCE);
        const hear = (/** @type {Buffer} */ part) => {
          if (bytes === 0) {
            clearTimeout(timer);
            timer = cut(500 + Math.random() * LISTENS);
          }
          bytes += part.length;
        };
        asking.on('response', (answer) => {
          status = answer.statusCode ?? 0;
          answer.on('data', hear);
        });
        for (const event of ['error', 'close']) asking.on(event, () => resolve({ bytes, status }));
        asking.end();
      });
      if (heard.status !== 200) this.wrongs.push(`an event stream: ${heard.status || 'no answer'}`);
      else if (heard.bytes > 0) this.done.streams += 1;
      else this.wrongs.push('an event stream that said nothing');
    }
  }

  /** Loads the page, and what it names. @param {Lab} lab @param {number} until */
  async #load(lab, until) {
    while (performance.now() < until) {
      const page = await lab.client.ask('GET', `/lab/${lab.id}`, { accept: 'text/html', 'accept-encoding': 'br' });
      if (page.status !== 200) this.wrongs.push(`a page: ${page.status} ${page.body}`);
      const file = await lab.client.ask('GET', '/favicon.svg');
      if (file.status !== 200) this.wrongs.push(`a file: ${file.status}`);
      this.done.pages += 1;
      await sleep(1000 + Math.random() * 4000);
    }
  }

  /** @param {Lab} lab */
  async #crowd(lab) {
    await lab.control('POST', 'crowd', { visitors: 50, requests: 1000, scheme: 'session-cookie', write_fraction: 0.2, seed: this.#n });
    this.done.crowds += 1;
  }
}
