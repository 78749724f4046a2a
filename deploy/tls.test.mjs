// Holds deploy/haproxy.cfg against three real processes where it ends TLS: what browsers are told, and every cookie.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect as connect2 } from 'node:http2';
import { after, before, test } from 'node:test';
import { connect } from 'node:tls';
import { ask, freshLab, open, Visitor } from './behind.mjs';
import { startTls } from './tls.mjs';

const bounds = { timeout: 60_000 };
const HSTS = 'max-age=63072000; includeSubDomains';
/** @type {import('./tls.mjs').Site} */
let site;
let ca = '';

before(async () => {
  site = await startTls({ onePort: true });
  ca = await readFile(site.certificate.file, 'utf8');
});

after(() => site?.stop());

/** Somebody whose browser trusts the certificate, in a new lab. */
async function visitor() {
  const of = new Visitor(site.page, freshLab(), ca);
  assert.equal((await ask(site.page, `/lab/${of.lab}`, { ca })).status, 200);
  return of;
}

/** What an answer says about coming back. @param {import('./behind.mjs').Answer} answer */
const hsts = ({ headers }) => headers['strict-transport-security'];

test('whoever comes by plain http is sent to the same place over TLS, and told nothing else', bounds, async () => {
  const path = `/lab/${freshLab()}?scheme=token-cookie`;
  for (const port of [site.plain, site.page])
    for (const method of ['GET', 'POST']) {
      const answer = await ask(port, path, { method, headers: { cookie: 'sid=x' } });
      const said = [answer.status, answer.headers.location, answer.body, answer.process];
      assert.deepEqual(said, [301, `https://localhost:${port}${path}`, '', undefined], method);
      // Over plain http anybody may have said it (RFC 6797 §7.2).
      assert.equal(hsts(answer), undefined);
    }
  assert.equal((await ask(site.page, path, { ca })).status, 200);
});

test('every kind of answer says that one is to come back by https: of the page, of HAProxy, of the attacker', bounds, async () => {
  const of = await visitor();
  const [script = ''] = /\/pkg\/[^"]+\.js/.exec((await ask(site.page, `/lab/${of.lab}`, { ca })).body) ?? [];
  await of.logIn('session-cookie');
  await of.ask('PUT', 'control/faults', { drop_responses: 1 });
  const cross = { origin: `https://127.0.0.1:${site.attacker}`, 'sec-fetch-site': 'cross-site', 'content-type': 'application/json' };
  const wrong = { username: 'alice', password: 'x', scheme: 'session-cookie' };
  const by = { host: `127.0.0.1:${site.named}` };
  const lab = `/lab/${of.lab}`;
  /** @type {[string, number, number, string, Parameters<typeof ask>[2]?][]} */
  const kinds = [
    ['lost on the way: HAProxy says so', site.page, 502, `${lab}/api/cart`, { method: 'POST', json: { item: 'pen' } }],
    ['no request that HAProxy understands', site.page, 400, '/', { headers: { host: 'a b' } }],
    ['the way to a lab', site.page, 303, '/'],
    ['the page', site.page, 200, lab],
    ['no lab', site.page, 404, '/lab/x'],
    ['nothing', site.page, 404, '/nothing'],
    ['under another name', site.page, 307, lab, { headers: { host: `lab.example:${site.page}`, accept: 'text/html' } }],
    ['the API', site.page, 200, `${lab}/api/catalog`],
    ['nobody', site.page, 401, `${lab}/api/me`],
    ['a wrong password', site.page, 401, `${lab}/api/login`, { method: 'POST', json: wrong }],
    ['no body', site.page, 415, `${lab}/api/login`, { method: 'POST' }],
    ['another site', site.page, 403, `${lab}/control/restart`, { method: 'POST', headers: cross }],
    ['no such method', site.page, 405, `${lab}/api/me`, { method: 'PATCH' }],
    ['a script', site.page, 200, script],
    ['a picture', site.page, 200, '/favicon.svg'],
    ['the description', site.page, 200, '/openapi.json'],
    ['the documents', site.page, 200, '/api-docs'],
    ['alive', site.page, 200, '/healthz'],
    ['the attacker', site.attacker, 200, `${lab}/window`],
    ['what the attacker does not have', site.attacker, 404, '/nothing'],
    ['the attacker by name', site.named, 200, `${lab}/window`, { headers: by }],
  ];
  for (const [kind, port, status, path, asked] of kinds) {
    const answer = await ask(port, path, { ...asked, ca });
    assert.deepEqual([answer.status, hsts(answer)], [status, HSTS], kind);
  }
});

test('every route says it, whatever it answers', bounds, async () => {
  const { paths } = JSON.parse((await ask(site.page, '/openapi.json', { ca })).body);
  const of = await visitor();
  let many = 0;
  for (const [path, operations] of Object.entries(paths))
    for (const method of Object.keys(operations)) {
      const filled = path.replace('{lab}', of.lab).replace('{name}', 'alice').replace(/\{\w+\}/, '1');
      const answer = await open(site.page, filled, { method: method.toUpperCase(), ...(method === 'get' ? {} : { json: {} }), ca });
      answer.destroy();
      assert.equal(answer.headers['strict-transport-security'], HSTS, `${method} ${path}: ${answer.statusCode}`);
      many += 1;
    }
  assert.ok(many > 40, `${many}`);
});

/** @typedef {[string, string]} Said the name of a cookie, and its attributes */

/** The cookies that an answer sets or clears. @param {import('./behind.mjs').Answer} answer @returns {Said[]} */
const set = ({ headers }) =>
  (headers['set-cookie'] ?? []).map((said) => [said.split('=', 1)[0] ?? '', said.replace(/^[^;]*;? ?/, '')]);

test('every cookie of a login, a refresh and the balancer is Secure, whatever was asked for', bounds, async () => {
  const of = await visitor();
  const login = { username: 'alice', password: 'alice-password' };
  /** @type {Said[]} */
  const all = [];
  /** @param {string} method @param {string} route @param {object} [json] */
  const does = async (method, route, json) => {
    const answer = await of.ask(method, route, json);
    assert.ok(answer.status < 300, `${method} ${route} ${JSON.stringify(json)}: ${answer.status} ${answer.body}`);
    all.push(...set(answer));
    return answer;
  };
  const bare = { secure: false, host_prefix: false };
  const options = [undefined, bare, { host_prefix: true }, { ...bare, same_site: 'none' }, { ...bare, path: '/' }];
  for (const scheme of ['session-cookie', 'token-cookie'])
    for (const cookie of options) {
      await does('POST', 'api/login', { ...login, scheme, ...(cookie && { cookie }) });
      await does('POST', 'api/cart', { item: 'pen' });
      await does('POST', 'api/logout', {});
    }
  await does('POST', 'api/login', { ...login, scheme: 'token-cookie', refresh: true });
  await does('POST', 'api/refresh', {});
  await does('POST', 'api/logout', {});
  await does('PUT', 'control/topology', { nodes: 3, routing: 'sticky' });
  await does('POST', 'api/login', { ...login, scheme: 'session-cookie' });
  await does('POST', 'api/logout-everywhere', {});
  await does('PUT', 'control/topology', { nodes: 1, routing: 'round-robin' });
  await does('GET', 'api/catalog');
  // What is no longer good is cleared, in every way in which it may have been set.
  for (const name of ['sid', 'token', '__Host-sid', '__Host-token']) {
    const stale = await ask(site.page, `/lab/${of.lab}/api/me`, { headers: { cookie: `${name}=nonsense` }, ca });
    all.push(...set(stale));
  }
  // A form is answered with the way back to the page.
  const form = { ...login, scheme: 'session-cookie' };
  const back = await ask(site.page, `/lab/${of.lab}/api/login`, { method: 'POST', form, ca });
  assert.deepEqual([back.status, set(back).length], [303, 1]);
  all.push(...set(back));

  const names = [...new Set(all.map(([name]) => name))].sort();
  assert.deepEqual(names, ['__Host-sid', '__Host-token', 'lb', 'refresh', 'sid', 'token']);
  for (const [name, attributes] of all) {
    assert.match(attributes, /(^|; )Secure(;|$)/, `${name}: ${attributes}`);
    assert.match(attributes, /(^|; )HttpOnly(;|$)/, `${name}: ${attributes}`);
    assert.doesNotMatch(attributes, /Domain=/i, name);
  }
});

// The page proposes the prefix (end2end/specs/tls.spec.ts); the defaults of the API are the same everywhere.
test('a login for which no cookie was described sets one that is Secure and the lab\'s own', bounds, async () => {
  for (const [scheme, name] of /** @type {const} */ ([['session-cookie', 'sid'], ['token-cookie', 'token']])) {
    const of = await visitor();
    const found = set(await of.logIn(scheme)).filter(([, attributes]) => !/Max-Age=0/.test(attributes));
    assert.deepEqual(found, [[name, `HttpOnly; SameSite=Lax; Secure; Path=/lab/${of.lab}`]]);
    assert.equal((await of.ask('GET', 'api/me')).status, 200);
  }
});

test('events come as they happen, over HTTP/2, beside what else is asked on the same connection', bounds, async () => {
  const of = await visitor();
  const session = connect2(`https://localhost:${site.page}`, { ca });
  await once(session, 'connect');
  assert.equal(session.alpnProtocol, 'h2');
  const stream = session.request({ ':path': `/lab/${of.lab}/control/events` }).setEncoding('utf8');
  const [head] = await once(stream, 'response');
  assert.deepEqual([head[':status'], head['content-type'], head['strict-transport-security']], [200, 'text/event-stream', HSTS]);
  let heard = '';
  stream.on('data', (part) => (heard += part));
  /** @param {RegExp} what */
  const hears = async (what) => {
    while (!what.test(heard)) await once(stream, 'data');
  };
  await hears(/^event: view$/m);
  const asking = session.request({ ':path': `/lab/${of.lab}/api/me` });
  const [me] = await once(asking.resume(), 'response');
  assert.equal(me[':status'], 401);
  await hears(/^event: exchange\n(.*\n)*data: .*"path":"[^"]+\/api\/me"/m);
  assert.equal(stream.closed, false);
  stream.close();
  session.close();
});

test('the process hears that it was https, and the name as the browser said it', bounds, async () => {
  const of = await visitor();
  await ask(site.page, `/lab/${of.lab}/api/me`, { headers: { 'x-forwarded-proto': 'http', 'x-forwarded-for': '203.0.113.9' }, ca });
  /** @type {{ request: { headers: [string, string][] } }[]} */
  const exchanges = JSON.parse((await of.ask('GET', 'control/exchanges')).body);
  const came = Object.fromEntries(exchanges.at(-1)?.request.headers ?? []);
  const said = [came['host'], came['x-forwarded-proto'], came['x-forwarded-for']];
  assert.deepEqual(said, [`localhost:${site.page}`, 'https', '127.0.0.1']);
});

test('the attacker is another site, with TLS too: at a port of its own, and by name at the page\'s', bounds, async () => {
  const of = await visitor();
  const { attacker } = JSON.parse((await of.ask('GET', 'control/view')).body);
  assert.equal(attacker.origin, `https://127.0.0.1:${site.attacker}`);
  for (const port of [site.attacker, site.named]) {
    const headers = { host: `127.0.0.1:${port}` };
    const window = await ask(port, `/lab/${of.lab}/window`, { headers, ca });
    assert.equal(window.status, 200);
    assert.equal(window.headers['set-cookie'], undefined);
    // None of the page's own.
    for (const path of [`/lab/${of.lab}`, `/lab/${of.lab}/api/me`, '/favicon.svg'])
      assert.equal((await ask(port, path, { headers, ca })).status, 404, path);
  }
  assert.equal((await ask(site.named, `/lab/${of.lab}/window`, { ca })).status, 404, 'the page has no such thing');
});

test('TLS 1.2 and 1.3 are spoken, nothing older', bounds, async () => {
  for (const version of /** @type {const} */ (['TLSv1.1', 'TLSv1.2', 'TLSv1.3'])) {
    const old = version === 'TLSv1.1';
    const at = { port: site.named, host: '127.0.0.1', servername: 'localhost', ca };
    // OpenSSL would not even ask for the old one at its usual level.
    const how = { minVersion: version, maxVersion: version, ...(old && { ciphers: 'DEFAULT@SECLEVEL=0' }) };
    const socket = connect({ ...at, ...how });
    const spoken = await once(socket, 'secureConnect').then(() => socket.getProtocol(), ({ code }) => code);
    socket.destroy();
    // Only the other side can have said so: it is its alert.
    assert.equal(spoken, old ? 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' : version);
  }
});
