// Holds deploy/haproxy.cfg against three real processes.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { ask, at, freshLab, open, places, ports, startProxy, startServer, three, until, Visitor } from './behind.mjs';

const bounds = { timeout: 60_000 };
/** @type {import('../end2end/serve.mjs').Running[]} */
let servers = [];
/** @type {import('../end2end/serve.mjs').Running} */
let proxy;
let [page, attacker] = [0, 0];

const settings = () => [
  ...['--public-origin', `http://localhost:${page}`, '--attacker-origin', `http://127.0.0.1:${attacker}`],
  ...['--trusted-proxy', '127.0.0.1'],
];

before(async () => {
  [page = 0, attacker = 0] = await ports(2);
  servers = await three(() => startServer(undefined, ...settings()));
  proxy = await startProxy('haproxy.cfg', { PAGE: at(page), ATTACKER: at(attacker), ...places(servers) }, page);
});

after(() => Promise.all([proxy, ...servers].map((program) => program?.stop())));

/** Where a lab is, asked by somebody who makes none. @param {string} lab */
const whereIs = async (lab) => (await ask(page, `/lab/${lab}/api/me`, { headers: { 'sec-fetch-site': 'same-origin' } })).process;

/** Labs, and the process that each is on. @param {number} many @returns {Promise<Map<string, string | undefined>>} */
async function labs(many) {
  const all = new Map();
  for (let n = 0; n < many; n++) {
    const lab = freshLab();
    all.set(lab, await whereIs(lab));
  }
  return all;
}

/** The process of this name. @param {string | undefined} name */
const number = (name) => Number(name?.slice(1)) - 1;

/** A visit to a new lab, which makes it. */
async function visited() {
  const lab = freshLab();
  const answer = await ask(page, `/lab/${lab}`);
  assert.equal(answer.status, 200);
  return { lab, name: answer.process, visitor: new Visitor(page, lab) };
}

test('a lab is whole on one process, the attacker of it too, and each process has about as many', bounds, async () => {
  const all = await labs(150);
  const counts = ['p1', 'p2', 'p3'].map((name) => [...all.values()].filter((on) => on === name).length);
  // 50 each, and 6 times what chance would scatter them by.
  assert.ok(counts.every((count) => Math.abs(count - 50) < 36), `${counts}`);
  for (const [lab, on] of [...all].slice(0, 20)) {
    const encoded = `%${lab.charCodeAt(0).toString(16)}${lab.slice(1)}`;
    for (const path of [`/lab/${lab}`, `/lab/${lab}?scheme=token-cookie`, `/lab/${encoded}/api/catalog`, `/lab/${lab}/control/view`]) {
      const answer = await ask(page, path);
      assert.deepEqual([answer.status, answer.process], [200, on], path);
    }
    const window = await ask(attacker, `/lab/${lab}/window`);
    assert.deepEqual([window.status, window.process], [200, on], 'where there is no such lab it is 404');
  }
});

test('what belongs to no lab is answered by any of them', bounds, async () => {
  for (const [path, status] of /** @type {const} */ ([['/', 303], ['/healthz', 200], ['/favicon.svg', 200], ['/lab/x', 404]])) {
    const names = new Set();
    // That one of three is left out by chance: once in 10^10.
    for (let n = 0; n < 60; n++) {
      const answer = await ask(page, path);
      assert.equal(answer.status, status, path);
      names.add(answer.process);
    }
    assert.equal(names.size, 3, path);
  }
});

test('Host comes through as it is, and nobody says for whom the proxy asks but the proxy', bounds, async () => {
  const { lab } = await visited();
  const claimed = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', forwarded: 'for=203.0.113.9' };
  await ask(page, `/lab/${lab}/api/me`, { headers: claimed });
  const exchanges = JSON.parse((await ask(page, `/lab/${lab}/control/exchanges`)).body);
  /** @type {[string, string][]} */
  const came = exchanges.at(-1).request.headers;
  const said = came.filter(([name]) => name === 'host' || /forwarded/.test(name)).sort();
  const expected = [['host', `localhost:${page}`], ['x-forwarded-for', '127.0.0.1'], ['x-forwarded-proto', 'http']];
  assert.deepEqual(said, expected);
});

test('of what is counted the world is told nothing', bounds, async () => {
  for (const path of ['/metrics', '/%6detrics', '/metrics?x=1']) assert.equal((await ask(page, path)).status, 404, path);
  assert.equal((await ask(servers[0]?.port ?? 0, '/metrics')).status, 200);
});

test('a request is called by the name that the proxy gives it, whatever the client calls it', bounds, async () => {
  const answer = await ask(page, '/healthz', { headers: { 'x-request-id': 'mine' } });
  assert.match(String(answer.headers['x-request-id']), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});

test('a page under another name is sent to the public origin', bounds, async () => {
  const headers = { host: at(page), accept: 'text/html' };
  const answer = await ask(page, `/lab/${freshLab()}`, { headers });
  assert.equal(answer.status, 307);
  assert.ok(answer.headers.location?.startsWith(`http://localhost:${page}/lab/`));
});

test('a token with a full cart goes through, in a cookie and as Bearer', bounds, async () => {
  const { visitor } = await visited();
  await visitor.logIn('token-cookie');
  for (let n = 0; n < 200; n++) {
    const { status } = await visitor.ask('POST', 'api/cart', { item: String(n).padStart(64, '0') });
    assert.equal(status, 200, `item ${n}`);
  }
  const token = visitor.jar.get('token') ?? '';
  assert.ok(token.length > 16 * 1024, `${token.length}`);
  const bearer = await ask(page, `/lab/${visitor.lab}/api/me`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(JSON.parse(bearer.body).cart.length, 200);
});

test('a POST whose answer is lost is done once', bounds, async () => {
  const { lab, name, visitor } = await visited();
  await visitor.logIn('session-cookie');
  await visitor.ask('PUT', 'control/faults', { drop_responses: 1 });
  const lost = await visitor.ask('POST', 'api/cart', { item: 'pen' });
  assert.deepEqual([lost.status, lost.process], [502, undefined], 'the proxy says so itself');
  const me = await visitor.ask('GET', 'api/me');
  assert.deepEqual([JSON.parse(me.body).cart, me.process], [['pen'], name], lab);
});

test('a process that is killed fails what it was doing and nothing else; its labs begin anew, all others stay', bounds, async () => {
  const { lab, name, visitor } = await visited();
  await visitor.logIn('session-cookie');
  const all = await labs(60);
  // The attacker's window waits for an order: a POST that is under way.
  const waiting = ask(attacker, `/lab/${lab}/next`, { method: 'POST', json: { third_party: null } });
  await until(async () => JSON.parse((await visitor.ask('GET', 'control/view')).body).attacker.window);
  const n = number(name);
  await servers[n]?.stop('SIGKILL');
  // Asked again, another process would have said that it knows no such lab: 404.
  assert.equal((await waiting).status, 502);

  const first = await visitor.ask('GET', 'api/me');
  assert.equal(first.status, 401, 'the lab is another one');
  assert.notEqual(first.process, name);
  for (const [other, on] of all) {
    const now = await whereIs(other);
    assert.ok(on === name ? now !== name : now === on, `${other} was on ${on} and is on ${now}`);
    all.set(other, now);
  }

  servers[n] = await startServer(servers[n], ...settings());
  // Only new labs come to it: what lives elsewhere stays there.
  await until(async () => (await whereIs(freshLab())) === name);
  for (const [other, on] of all) assert.equal(await whereIs(other), on);
  assert.equal(await whereIs(lab), first.process);
});

test('a process that is told to stop ends its streams, answers what is under way, and no request fails', bounds, async () => {
  const { lab, name, visitor } = await visited();
  const stream = await open(page, `/lab/${lab}/control/events`);
  assert.equal(stream.headers['x-process'], name);
  const [event] = await once(stream.setEncoding('utf8'), 'data');
  assert.match(event, /^event: view\n/, 'it comes while the stream is open');
  const waiting = ask(attacker, `/lab/${lab}/next`, { method: 'POST', json: { third_party: null } });
  await until(async () => JSON.parse((await visitor.ask('GET', 'control/view')).body).attacker.window);
  const n = number(name);
  const ended = once(stream.resume(), 'end');
  const stopped = servers[n]?.stop('SIGTERM');
  assert.equal((await waiting).status, 204);
  await ended;
  const statuses = [];
  for (let n = 0; n < 20; n++) statuses.push((await ask(page, '/')).status, (await ask(page, `/lab/${freshLab()}`)).status);
  assert.deepEqual([...new Set(statuses)], [303, 200]);
  await stopped;
  servers[n] = await startServer(servers[n], ...settings());
  await until(async () => (await whereIs(freshLab())) === name);
});
