// The labs of a run: where each keeps its sessions, and who lives in it.

import { randomBytes } from 'node:crypto';
import { Client } from './client.mjs';
import { Visitor } from './visitor.mjs';

/** @typedef {import('./visitor.mjs').Scheme} Scheme */
/** @typedef {'memory' | 'replicated' | 'sqlite' | 'redis' | 'memcached'} Store */

/**
 * What a lab is for. `others` are those in which nothing is broken.
 * @typedef {object} Plan
 * @property {string} part
 * @property {Store} store
 * @property {number} [nodes]
 * @property {boolean} [sticky]
 * @property {number} labs how many of them
 */

/** Sessions first: it is those that a store can lose. One in four is a token, to which the store makes no difference. */
const LIVES = /** @type {const} */ ([
  ['alice', 'session-cookie'],
  ['bob', 'session-storage'],
  ['alice', 'session-storage'],
  ['carol', 'token-storage'],
]);
const OTHER_LIVES = /** @type {const} */ ([
  ['bob', 'session-cookie'],
  ['alice', 'session-storage'],
  ['bob', 'token-cookie'],
  ['carol', 'session-cookie'],
]);

/** How long a change is under way between nodes that copy their sessions, in milliseconds. */
const DELAY = 20;

let clients = 0;

/** An address that nobody here has yet. */
export function nextAddress() {
  clients += 1;
  return `127.${1 + (clients >> 14)}.${(clients >> 7) & 127}.${1 + (clients & 127)}`;
}

export class Lab {
  id = randomBytes(16).toString('base64url');
  /** Which process has it, where there are several. @type {string | undefined} */
  process;
  /** Whether tokens can be ended in it. */
  hasDenylist = true;

  /** @param {number} port @param {Plan} plan */
  constructor(port, plan) {
    this.port = port;
    this.plan = plan;
    /** How long an end may be unknown at other nodes: the way, and a busy machine. */
    this.lag = plan.store === 'replicated' ? DELAY + 500 : 0;
    this.client = new Client(port, nextAddress());
  }

  /** @param {'PUT' | 'POST' | 'GET'} method @param {string} route @param {object} [json] */
  async control(method, route, json) {
    const answer = await this.client.ask(method, `/lab/${this.id}/control/${route}`, {}, json);
    if (answer.status !== 200) throw new Error(`control/${route} was answered with ${answer.status}: ${answer.body}`);
    this.process = answer.process;
    return answer;
  }

  /** Makes the lab as it was planned. A token can be ended only with the denylist. */
  async make() {
    const { nodes = 1, sticky = false, store } = this.plan;
    const replication = { delay_ms: DELAY, loss: 0, seed: 1 };
    await this.control('PUT', 'topology', { nodes, routing: sticky ? 'sticky' : 'round-robin', store, replication });
    await this.control('PUT', 'defences', { denylist: true });
    this.hasDenylist = true;
  }
}

/** Makes labs, and visitors for each. @param {number} port @param {readonly Plan[]} plans */
export async function makeLabs(port, plans) {
  const labs = plans.flatMap((plan) => Array.from({ length: plan.labs }, () => new Lab(port, plan)));
  for (const lab of labs) {
    await lab.make();
    lab.client.close();
  }
  const visitors = labs.flatMap((lab, n) =>
    (n % 2 ? LIVES : OTHER_LIVES).map(([user, scheme]) => new Visitor(lab, nextAddress(), user, scheme)),
  );
  return { labs, visitors };
}
