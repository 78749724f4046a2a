// The load: every visitor asks, waits a moment and asks again. What comes back is judged at once, by what is being broken.

import { judge, met, quantile } from './judge.mjs';

/** @typedef {import('./visitor.mjs').Visitor} Visitor */
/** @typedef {import('./judge.mjs').Effect} Effect */
/** @typedef {import('./judge.mjs').Finding} Finding */

/** How long a visitor waits between two requests on average, in milliseconds. */
const PAUSE = Number(process.env.PAUSE ?? 55);
/** And after a login that was refused, for each costs the server a password's work. */
const PAUSE_AFTER_REFUSAL = 300;
/** How far apart visitors come at first, in milliseconds. */
const STAGGER = 30;
/** So many findings of one fault are kept word for word. */
const WORDS = 5;

/** @param {number} ms */
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What is counted while one fault is made and mended. */
export class Round {
  /** @type {import('./judge.mjs').Span} */
  span = { begin: Infinity, end: Infinity };
  requests = 0;
  /** Requests with a login that is over. */
  over = 0;
  /** @type {Map<number, number>} */
  statuses = new Map();
  /** @type {Finding[]} */
  findings = [];
  othersFailed = 0;
  /** @type {number[]} */
  before = [];
  /** @type {number[]} */
  during = [];
  /** When each lab that is concerned was answered with 200 for the first time after the end. @type {Map<import('./labs.mjs').Lab, number>} */
  recovered = new Map();

  /** @param {(visitor: Visitor) => Effect | undefined} effect what it may do to whom */
  constructor(effect) {
    this.effect = effect;
  }

  /** @param {Visitor} visitor @param {import('./judge.mjs').Asked} asked @param {import('./judge.mjs').Answer} answer */
  heard(visitor, asked, answer) {
    const { status, sent, received } = answer;
    this.requests += 1;
    const isOver = asked.credential?.over !== undefined;
    if (isOver) this.over += 1;
    const effect = this.effect(visitor);
    const found = judge(asked, answer, effect, this.span);
    if (found) this.#found(visitor, found);
    if (effect) {
      if (met(answer, this.span) && !isOver) this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
      const isWell = status === 200 && !isOver;
      const { end } = this.span;
      if (isWell && sent >= end && !this.recovered.has(visitor.lab)) this.recovered.set(visitor.lab, received - end);
    } else {
      if (status === 0 || status >= 500) this.othersFailed += 1;
      if (asked.what !== 'me' || visitor.lab.plan.store !== 'memory') return;
      if (received < this.span.begin) this.before.push(received - sent);
      else if (sent >= this.span.begin && received <= this.span.end) this.during.push(received - sent);
    }
  }

  /** @param {Visitor} visitor @param {Finding} found */
  #found(visitor, found) {
    const { lab, name, scheme } = visitor;
    this.findings.push(found);
    if (this.findings.length > WORDS) return;
    const after = Number.isFinite(this.span.begin) ? `${Math.round(performance.now() - this.span.begin)} ms after its begin` : 'before';
    const until = Number.isFinite(this.span.end) ? `, ${Math.round(performance.now() - this.span.end)} ms after its end` : '';
    console.log(`  ! ${found.kind}: ${found.detail} [${name}, ${scheme}, ${lab.plan.part}/${lab.plan.store}, ${after}${until}]`);
  }

  /** Their p99 before and while it lasts, in milliseconds. */
  get waits() {
    return { before: quantile(this.before, 0.99), during: quantile(this.during, 0.99) };
  }
}

export class Load {
  /** @type {Round | undefined} */
  round;
  requests = 0;
  /** What was wrong between two faults. @type {Finding[]} */
  between = [];
  /** Nobody asks before this. @type {Promise<void>} */
  hold = Promise.resolve();
  #stopped = false;
  /** @type {Promise<void>[]} */
  #loops = [];
  #asking = 0;

  /** @param {readonly Visitor[]} visitors */
  constructor(visitors) {
    this.visitors = visitors;
  }

  start() {
    this.#loops = this.visitors.map((visitor) => this.#visit(visitor));
  }

  /** @param {Visitor} visitor */
  async #visit(visitor) {
    // Each comes with a login, and each of these is work for the server.
    await sleep(Math.random() * this.visitors.length * STAGGER);
    while (!this.#stopped) {
      await this.hold;
      this.#asking += 1;
      const { asked, answer } = await visitor.next(Math.random());
      this.#asking -= 1;
      this.requests += 1;
      if (this.round) this.round.heard(visitor, asked, answer);
      else {
        const found = judge(asked, answer, undefined, { begin: Infinity, end: Infinity });
        if (found) this.between.push(found);
      }
      const refused = asked.what === 'login' && answer.status !== 200;
      await sleep(refused ? PAUSE_AFTER_REFUSAL : Math.random() * 2 * PAUSE);
    }
  }

  /** Waits until so many more requests were answered, and at least so long. @param {number} many @param {number} ms */
  async answered(many, ms) {
    const until = this.requests + many;
    await sleep(ms);
    while (this.requests < until) await sleep(20);
  }

  /** Does something while nobody asks anything. @param {() => Promise<void>} what */
  async alone(what) {
    let go = () => {};
    this.hold = new Promise((resolve) => (go = resolve));
    while (this.#asking > 0) await sleep(5);
    await what();
    go();
  }

  /** Everybody is logged in, and most have a login that is over. */
  async isWarm() {
    while (!this.visitors.every(({ credential }) => credential)) await sleep(20);
  }

  async stop() {
    this.#stopped = true;
    await Promise.all(this.#loops);
    for (const { client } of this.visitors) client.close();
  }
}
