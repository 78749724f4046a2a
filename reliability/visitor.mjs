// A visitor: one browser in one lab. It knows what it put into its cart and which of its logins are over, and so what it may
// be answered.

import { Client } from './client.mjs';

/** @typedef {'session-cookie' | 'session-storage' | 'token-cookie' | 'token-storage'} Scheme */
/** @typedef {import('./judge.mjs').Credential} Credential */
/** @typedef {import('./judge.mjs').Asked} Asked */

/** How many logins that are over are kept and asked with again: the first ones, and the last ones. */
const KEPT = 20;
/** So full a cart is emptied. A token with it is still small enough for a cookie. */
const FULL = 6;
/** What a visitor does, in so many of 1000 requests; in all others it asks who it is. */
const SHARES = { over: 120, add: 30, logout: 4 };
/** Longer than any run, so that no token dies by itself. */
const TOKEN_LIFETIME = 7200;

let visitors = 0;

export class Visitor {
  name = `v${(visitors += 1)}`;
  /** @type {Credential | undefined} */
  credential;
  /** Tokens of this login that a changed cart has replaced: they end with it. @type {Credential[]} */
  older = [];
  /** @type {Credential[]} */
  over = [];
  /** @type {Set<string>} */
  has = new Set();
  /** @type {Set<string>} */
  mayHave = new Set();
  unsure = false;
  /** Nothing is written for a moment. */
  quiet = false;
  #balancer = '';
  #items = 0;

  /** @param {import('./labs.mjs').Lab} lab @param {string} address @param {string} user @param {Scheme} scheme */
  constructor(lab, address, user, scheme) {
    this.lab = lab;
    this.user = user;
    this.scheme = scheme;
    this.client = new Client(lab.port, address, lab.plan.part !== 'newcomers');
  }

  get isSession() {
    return this.scheme.startsWith('session');
  }

  /** What it does next, and what came of it. @param {number} dice 0 to 1 */
  async next(dice) {
    if (!this.credential) return this.#logIn();
    let n = dice * 1000;
    if (this.over.length > 0 && (n -= SHARES.over) < 0) return this.#askWithWhatIsOver();
    if (this.quiet) return this.#me();
    if ((n -= SHARES.add) < 0) return this.has.size >= FULL ? this.#empty() : this.#add();
    if ((n -= SHARES.logout) < 0) return this.#logOut();
    return this.#me();
  }

  /**
   * @param {Asked['what']} what @param {Credential | undefined} credential
   * @param {string} method @param {string} route @param {object} [json]
   */
  async #ask(what, credential, method, route, json) {
    /** @type {Asked} */
    const asked = {
      ...{ what, credential, user: this.user, has: new Set(this.has), mayHave: this.mayHave, unsure: this.unsure },
      ...{ ends: this.isSession || this.lab.hasDenylist, lag: this.lab.lag },
    };
    const answer = await this.client.ask(method, `/lab/${this.lab.id}/api/${route}`, this.#headers(credential), json);
    for (const set of answer.headers['set-cookie'] ?? []) {
      const [, lb] = /^lb=([^;]+)/.exec(set) ?? [];
      if (lb) this.#balancer = lb;
    }
    return { asked, answer };
  }

  /** @param {Credential | undefined} credential */
  #headers(credential) {
    const bearer = this.scheme.endsWith('-storage') && credential;
    const name = this.isSession ? 'sid' : 'token';
    const cookies = [
      ...(credential && !bearer ? [`${name}=${credential.value}`] : []),
      ...(this.#balancer ? [`lb=${this.#balancer}`] : []),
    ];
    return {
      ...(cookies.length > 0 && { cookie: cookies.join('; ') }),
      ...(bearer && { authorization: `Bearer ${bearer.value}` }),
    };
  }

  /** The credential that an answer gives. @param {import('./client.mjs').Heard} answer */
  #given(answer) {
    const name = this.isSession ? 'sid' : 'token';
    const cookie = (answer.headers['set-cookie'] ?? []).map((set) => new RegExp(`^${name}=([^;]+)`).exec(set)?.[1]).find(Boolean);
    const value = cookie ?? JSON.parse(answer.body).access_token;
    return value ? { value: String(value), since: answer.sent } : undefined;
  }

  async #logIn() {
    const json = { username: this.user, password: `${this.user}-password`, scheme: this.scheme, token_lifetime: TOKEN_LIFETIME };
    const result = await this.#ask('login', undefined, 'POST', 'login', json);
    if (result.answer.status === 200) this.credential = this.#given(result.answer);
    return result;
  }

  async #me() {
    const result = await this.#ask('me', this.credential, 'GET', 'me');
    if (result.answer.status === 401) this.isOver(result.answer.received);
    return result;
  }

  async #askWithWhatIsOver() {
    const one = this.over[Math.floor(Math.random() * this.over.length)];
    return this.#ask('me', one, 'GET', 'me');
  }

  async #add() {
    const item = `${this.name}-${(this.#items += 1)}`;
    this.mayHave.add(item);
    const result = await this.#ask('add', this.credential, 'POST', 'cart', { item });
    if (result.answer.status === 200) {
      this.has.add(item);
      this.mayHave.delete(item);
      this.#replaced(result.answer);
    } else if (result.answer.status === 401) this.isOver(result.answer.received);
    return result;
  }

  async #empty() {
    const result = await this.#ask('empty', this.credential, 'DELETE', 'cart');
    if (result.answer.status === 200) {
      this.has.clear();
      this.#replaced(result.answer);
    } else if (result.answer.status === 401) this.isOver(result.answer.received);
    // It may come all the same, and later. A token is as it is.
    else if (this.isSession) this.unsure = true;
    return result;
  }

  /** A token that changes is another one; the old one ends with the login. @param {import('./client.mjs').Heard} answer */
  #replaced(answer) {
    const given = this.isSession ? undefined : this.#given(answer);
    if (!given || !this.credential) return;
    this.older.push(this.credential);
    this.credential = given;
  }

  async #logOut() {
    const result = await this.#ask('logout', this.credential, 'POST', 'logout');
    const { status, body, received } = result.answer;
    if (status === 401 || (status === 200 && JSON.parse(body).revoked)) this.isOver(received);
    else if (status === 200) this.#forget();
    else if (this.credential) this.credential.mayBeOver = true;
    return result;
  }

  /** This login is over: nobody may ever be let in by it again. @param {number} now */
  isOver(now) {
    for (const one of [...this.older.slice(-2), this.credential]) if (one) this.over.push({ ...one, over: one.over ?? now });
    if (this.over.length > KEPT) this.over.splice(KEPT / 2, this.over.length - KEPT);
    this.#forget();
  }

  #forget() {
    [this.credential, this.older, this.has, this.mayHave, this.unsure] = [undefined, [], new Set(), new Set(), false];
  }
}
