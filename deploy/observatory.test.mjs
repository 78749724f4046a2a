// What MDN's HTTP Observatory makes of the page behind deploy/haproxy.cfg with TLS: its own program asks, and its own rules
// judge. With `--write FILE` the table is written there, between its marks.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { whereToWrite, writePart } from '../reliability/report.mjs';
import { ask, freshLab, Visitor } from './behind.mjs';
import { startTls } from './tls.mjs';

const require = createRequire(join(import.meta.dirname, 'observatory', 'package.json'));

/** Where the program lies. */
function installed() {
  try {
    return dirname(require.resolve('@mdn/mdn-http-observatory/package.json'));
  } catch (cause) {
    throw new Error('the Observatory is not installed: make deploy/observatory/node_modules', { cause });
  }
}

/** The Observatory has no account, so it is shown what a login sets. @param {import('./tls.mjs').Site} site @param {string} program */
async function ofLogins(site, program) {
  const ca = await readFile(site.certificate.file, 'utf8');
  const of = new Visitor(site.page, freshLab(), ca);
  const page = await ask(site.page, `/lab/${of.lab}`, { ca });
  await of.ask('PUT', 'control/topology', { nodes: 3, routing: 'sticky' });
  // As the page asks for it.
  const login = { username: 'alice', password: 'alice-password', cookie: { secure: true, host_prefix: true } };
  const answers = [
    await of.ask('POST', 'api/login', { ...login, scheme: 'token-cookie', refresh: true }),
    await of.ask('POST', 'api/login', { ...login, scheme: 'session-cookie' }),
  ];
  const set = answers.flatMap(({ headers }) => headers['set-cookie'] ?? []).filter((cookie) => !/Max-Age=0/.test(cookie));
  /** @param {string} path */
  const own = (path) => import(pathToFileURL(join(program, path)).href);
  const { Requests } = await own('src/types.js');
  const { cookiesTest } = await own('src/analyzer/tests/cookies.js');
  const { CookieJar } = createRequire(join(program, 'package.json'))('tough-cookie');
  const requests = new Requests('localhost');
  requests.responses.auto = { headers: { ...page.headers, 'set-cookie': set }, verified: true };
  requests.responses.https = requests.responses.auto;
  requests.session = { jar: new CookieJar() };
  for (const cookie of set) requests.session.jar.setCookieSync(cookie, `https://localhost:${site.page}/lab/${of.lab}`);
  const { pass, result, data } = cookiesTest(requests);
  return { pass, result, names: Object.keys(data).sort() };
}

/**
 * @typedef {object} Result
 * @property {{ grade: string, score: number, testsPassed: number, testsQuantity: number }} scan
 * @property {Record<string, { pass: boolean, result: string, scoreModifier: number }>} tests
 */

/** @typedef {{ version: string, found: Result, logins: Awaited<ReturnType<typeof ofLogins>> }} Scanned */

/** @returns {Promise<Scanned>} */
async function scanned() {
  const program = installed();
  // Who is in the browsers' list is judged by that, and not by the headers. We are not in it, and the list is not there
  // either: it is fetched by a script of the package, and none of those runs.
  await writeFile(join(program, 'conf', 'hsts-preload.json'), '{}');
  const site = await startTls({ onePort: true });
  try {
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: site.certificate.file };
    const args = [join(program, 'src', 'scan.js'), `localhost:${site.page}`];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env, timeout: 50_000 });
    const { version } = JSON.parse(await readFile(join(program, 'package.json'), 'utf8'));
    return { version, found: JSON.parse(stdout), logins: await ofLogins(site, program) };
  } finally {
    await site.stop();
  }
}

/** @param {Scanned} scanned */
function table({ version, found: { scan, tests }, logins }) {
  const rows = Object.entries(tests).map(
    ([name, { pass, result, scoreModifier }]) => `| \`${name}\` | ${pass ? 'passed' : 'failed'} | \`${result}\` | ${scoreModifier} |`,
  );
  return [
    `**${scan.grade}**, ${scan.score} points, ${scan.testsPassed} of ${scan.testsQuantity} tests passed (\`@mdn/mdn-http-observatory\` ${version}).`,
    '',
    '| test | | result | points |',
    '|---|---|---|---|',
    ...rows,
    '',
    `Its rule about cookies, shown ${logins.names.map((name) => `\`${name}\``).join(', ')}: ${logins.pass ? 'passed' : 'failed'}, \`${logins.result}\`.`,
  ].join('\n');
}

test('the HTTP Observatory gives A+, and every test of its is passed', { timeout: 60_000 }, async () => {
  const all = await scanned();
  const said = table(all);
  console.log(said);
  const { scan, tests } = all.found;
  const failed = Object.entries(tests).filter(([, { pass }]) => !pass);
  assert.deepEqual(failed, []);
  assert.deepEqual([scan.grade, scan.testsPassed], ['A+', scan.testsQuantity]);
  assert.deepEqual([all.logins.pass, all.logins.result], [true, 'cookies-secure-with-httponly-sessions-and-samesite']);
  assert.equal(all.logins.names.length, 4);
  const file = whereToWrite();
  if (file) await writePart(file, 'observatory', said);
});
