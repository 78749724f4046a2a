// What the tests of the proxies share: processes of Login Lab, a HAProxy in front of them, and those who ask.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request as inPlain } from 'node:http';
import { request as overTls } from 'node:https';
import { join } from 'node:path';
import { freePort, listening, startLab } from '../end2end/serve.mjs';

// Where Debian has HAProxy is not on everybody's PATH.
process.env.PATH += ':/usr/sbin';

/** The id of a lab that nobody knows yet. */
export const freshLab = () => randomBytes(16).toString('base64url');

/** Three of something, one after the other. @template T @param {(n: number) => Promise<T>} make */
export async function three(make) {
  return [await make(1), await make(2), await make(3)];
}

/**
 * Starts HAProxy with one of the configurations here.
 * @param {string} config @param {Record<string, string>} env what the configuration asks for
 * @param {number} port one on which it listens then
 */
export const startProxy = (config, env, port) =>
  listening('haproxy', () => ['-db', '-q', '-f', join(import.meta.dirname, config)], {
    port,
    env: { ...process.env, ...env },
    hint: 'scripts/proxy.sh installs it, and haproxy -c -f says what is wrong with a configuration',
  });

/** So many ports that nobody listened on just now, each another. @param {number} n */
export async function ports(n) {
  /** @type {Set<number>} */
  const found = new Set();
  while (found.size < n) found.add(await freePort());
  return [...found];
}

/** Where a process listens. @param {number} port */
export const at = (port) => `127.0.0.1:${port}`;

/**
 * Where haproxy.cfg finds the processes, in the words in which it asks.
 * @param {readonly import('../end2end/serve.mjs').Running[]} servers @returns {Record<string, string>}
 */
export const places = (servers) =>
  Object.fromEntries(servers.flatMap(({ port, attacker }, n) => [[`SERVER_${n + 1}`, at(port)], [`ATTACKER_${n + 1}`, at(attacker)]]));

/**
 * A process of Login Lab, at the same place again after it was stopped.
 * @param {import('../end2end/serve.mjs').Running | undefined} before @param {string[]} args
 */
export const startServer = (before, ...args) =>
  startLab(...(before ? ['--addr', at(before.port), '--attacker-addr', at(before.attacker)] : []), ...args);

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {import('node:http').IncomingHttpHeaders} headers
 * @property {string | undefined} process which process the proxy says has answered
 * @property {string} body
 */

/**
 * The head of an answer, and the rest as it comes.
 * @param {number} port @param {string} path
 * @param {{ method?: string, headers?: import('node:http').OutgoingHttpHeaders, json?: object | undefined, form?: Record<string, string>, ca?: string | undefined }} [options]
 *   with a certificate to trust (PEM) it is asked over TLS
 * @returns {Promise<import('node:http').IncomingMessage>}
 */
export async function open(port, path, { method = 'GET', headers = {}, json, form, ca } = {}) {
  const body = json ? JSON.stringify(json) : form && `${new URLSearchParams(form)}`;
  const asking = (ca ? overTls : inPlain)({
    ...(ca && { ca, servername: 'localhost' }),
    host: '127.0.0.1',
    port,
    path,
    method,
    agent: false,
    maxHeaderSize: 64 * 1024,
    headers: { host: `localhost:${port}`, ...(body && { 'content-type': json ? 'application/json' : 'application/x-www-form-urlencoded' }), ...headers },
  });
  asking.end(body);
  const [answer] = await once(asking, 'response');
  return answer;
}

/** The whole answer. @param {Parameters<typeof open>} asked @returns {Promise<Answer>} */
export async function ask(...asked) {
  const answer = await open(...asked);
  let body = '';
  for await (const part of answer.setEncoding('utf8')) body += part;
  const said = answer.headers['x-process'];
  return { status: answer.statusCode ?? 0, headers: answer.headers, process: said && String(said), body };
}

/** A browser as far as cookies go, but that each goes everywhere. */
export class Visitor {
  /** @type {Map<string, string>} */
  jar = new Map();
  token = '';

  /** @param {number} port where the visitor asks @param {string} lab @param {string} [ca] the certificate to trust, over TLS */
  constructor(port, lab, ca) {
    this.port = port;
    this.lab = lab;
    this.ca = ca;
  }

  /** @param {string} method @param {string} route @param {object} [json] */
  async ask(method, route, json) {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(cookie && { cookie }), ...(this.token && { authorization: `Bearer ${this.token}` }) };
    const answer = await ask(this.port, `/lab/${this.lab}/${route}`, { method, headers, json, ca: this.ca });
    // What is cleared on other paths comes in the same answer as what is set.
    const isOver = (/** @type {string} */ set) => /max-age=0|expires=thu, 01[- ]jan[- ]1970/i.test(set);
    for (const set of (answer.headers['set-cookie'] ?? []).sort((a, b) => Number(isOver(b)) - Number(isOver(a)))) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (isOver(set)) this.jar.delete(name);
      else this.jar.set(name, value);
    }
    return answer;
  }

  /** @param {'session-cookie' | 'session-storage' | 'token-cookie' | 'token-storage'} scheme */
  async logIn(scheme) {
    const answer = await this.ask('POST', 'api/login', { username: 'alice', password: 'alice-password', scheme });
    if (answer.status !== 200) throw new Error(`the login was answered with ${answer.status}: ${answer.body}`);
    this.token = JSON.parse(answer.body).access_token ?? '';
    return answer;
  }
}

/** Asks until it is so. @param {() => Promise<boolean>} isSo */
export async function until(isSo) {
  while (!(await isSo())) await new Promise(setImmediate);
}
