// The strategies for several servers, on real processes behind HAProxy and on the lab's own servers: the same visitor, the
// same questions, and the answers held against each other, cell by cell.
//
//   node deploy/strategies.test.mjs --write docs/strategies.md

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startRedis } from '../end2end/serve.mjs';
import { ask, at, freshLab, ports, startProxy, startServer, three, until, Visitor } from './behind.mjs';

const bounds = { timeout: 120_000 };
const REQUESTS = 12;

/** @typedef {import('../end2end/serve.mjs').Running} Running */
/** @typedef {'session-cookie' | 'token-cookie'} Scheme */
/**
 * @typedef {object} Strategy
 * @property {string} name
 * @property {'round-robin' | 'sticky'} routing
 * @property {'memory' | 'redis'} store
 * @property {Scheme} scheme
 * @property {Record<string, [proxied: string, own: string, why: string]>} differs what is not the same, and why
 */

/** @type {Strategy[]} */
const STRATEGIES = [
  { name: 'Round robin, own memory', routing: 'round-robin', store: 'memory', scheme: 'session-cookie', differs: {} },
  { name: 'Sticky, own memory', routing: 'sticky', store: 'memory', scheme: 'session-cookie', differs: {} },
  { name: 'Round robin, Redis', routing: 'round-robin', store: 'redis', scheme: 'session-cookie', differs: {} },
  {
    name: 'Round robin, JWT',
    routing: 'round-robin',
    store: 'memory',
    scheme: 'token-cookie',
    differs: {
      back: [
        '8 known, 4 unknown, by 3',
        '12 known, by 3',
        'A server of the lab that starts again is in the same lab as before. In a process that starts again the lab begins anew,\n' +
          'and believes no token from before: it does not know which of them were ended.',
      ],
    },
  },
];

/** What is asked, in the order in which it is. */
const CELLS = {
  login: 'after the login',
  killed: 'its server is killed',
  back: 'it is back',
  nobody: 'a cookie that names no server',
  another: 'a cookie that names another server',
  store: 'the store is killed',
};

/** One of the two that are compared. */
class Side {
  /** The cookie in which the balancer names a server. */
  affinity = '';

  /** @param {Strategy} strategy */
  constructor(strategy) {
    this.strategy = strategy;
    this.lab = freshLab();
  }

  /** A visitor of this lab. @returns {Visitor} */
  visitor() {
    throw new Error('whom to ask?');
  }

  /** Which server has answered; nothing where it was the balancer itself. @param {import('./behind.mjs').Answer} answer @returns {string | undefined} */
  server(answer) {
    return answer.process;
  }

  /** @param {string} _server */
  async kill(_server) {}
  /** @param {string} _server */
  async bringBack(_server) {}
}

/** The lab's own servers, in one process. */
class Own extends Side {
  affinity = 'lb';

  /** @param {Strategy} strategy @param {Running} process */
  constructor(strategy, process) {
    super(strategy);
    this.port = process.port;
  }

  /** @param {string} route @param {object} [json] */
  async control(route, json) {
    const method = json ? 'PUT' : 'POST';
    const answer = await ask(this.port, `/lab/${this.lab}/control/${route}`, { method, json });
    assert.equal(answer.status, 200, `${route}: ${answer.body}`);
  }

  async start() {
    await this.control('topology', { nodes: 3, routing: this.strategy.routing, store: this.strategy.store });
  }

  visitor() {
    return new Visitor(this.port, this.lab);
  }

  /** @param {import('./behind.mjs').Answer} answer */
  server(answer) {
    const node = answer.headers['x-node'];
    return node && String(node);
  }

  /** @param {string} server */
  kill(server) {
    return this.control(`nodes/${server}/stop`);
  }

  /** @param {string} server */
  bringBack(server) {
    return this.control(`nodes/${server}/start`);
  }
}

/** Three processes behind HAProxy, with the same lab in each. */
class Proxied extends Side {
  affinity = 'SRV';

  /** @param {Strategy} strategy @param {Running[]} processes @param {string[]} args what each is started with */
  constructor(strategy, processes, args) {
    super(strategy);
    this.processes = processes;
    this.args = args;
  }

  async start() {
    for (const process of this.processes) await this.prepare(process);
    const [roundRobin = 0, sticky = 0] = await ports(2);
    this.roundRobin = roundRobin;
    this.port = this.strategy.routing === 'sticky' ? sticky : roundRobin;
    const places = this.processes.map(({ port }, n) => [`SERVER_${n + 1}`, at(port)]);
    const env = { ROUND_ROBIN: at(roundRobin), STICKY: at(sticky), LAB: this.lab, STORE: this.strategy.store };
    this.proxy = await startProxy('strategies.cfg', { ...env, ...Object.fromEntries(places) }, this.port);
  }

  /** The lab is made in this process, with one server that keeps sessions where they belong. @param {Running} process */
  async prepare(process) {
    const json = { nodes: 1, store: this.strategy.store };
    const answer = await ask(process.port, `/lab/${this.lab}/control/topology`, { method: 'PUT', json });
    assert.equal(answer.status, 200, answer.body);
  }

  visitor() {
    return new Visitor(this.port ?? 0, this.lab);
  }

  /** @param {string} server */
  async kill(server) {
    await this.processes[Number(server.slice(1)) - 1]?.stop('SIGKILL');
  }

  /** @param {string} server */
  async bringBack(server) {
    const n = Number(server.slice(1)) - 1;
    const process = await startServer(this.processes[n], ...this.args);
    this.processes[n] = process;
    await this.prepare(process);
    // HAProxy has seen it when it answers; who asks has no login.
    await until(async () => (await ask(this.roundRobin ?? 0, '/healthz')).process === server);
  }
}

/**
 * What becomes of so many requests: who is known, who is not, and what could not be answered; by how many servers.
 * @param {Side} side @param {Visitor} visitor
 */
async function asked(side, visitor) {
  const counts = { known: 0, unknown: 0, failed: 0 };
  const servers = new Set();
  for (let n = 0; n < REQUESTS; n++) {
    const answer = await visitor.ask('GET', 'api/me');
    counts[answer.status === 200 ? 'known' : answer.status === 401 ? 'unknown' : 'failed']++;
    servers.add(side.server(answer));
  }
  const what = Object.entries(counts).filter(([, count]) => count > 0).map(([name, count]) => `${count} ${name}`);
  return `${what.join(', ')}, by ${servers.size}`;
}

/** Where a balancer's cookie of this name leads. @param {Side} side @param {Visitor} visitor @param {string} name */
async function forged(side, visitor, name) {
  visitor.jar.set(side.affinity, name);
  const answer = await visitor.ask('GET', 'api/me');
  const [server, says] = [side.server(answer), visitor.jar.get(side.affinity)];
  assert.equal(says, server, 'the cookie names who has answered');
  return says === name ? `stays, ${answer.status === 200 ? 'known' : 'unknown'}` : 'replaced';
}

/**
 * Goes through it all.
 * @param {Side} side @param {Running} redis the one that this side uses @returns {Promise<Record<string, string>>}
 */
async function measured(side, redis) {
  const { routing, store, scheme } = side.strategy;
  const visitor = side.visitor();
  const has = side.server(await visitor.logIn(scheme));
  assert.ok(has);
  /** @type {Record<string, string>} */
  const cells = { login: await asked(side, visitor) };
  if (routing === 'sticky') {
    const right = visitor.jar.get(side.affinity) ?? '';
    assert.equal(right, has);
    cells.nobody = await forged(side, visitor, '9');
    const another = right.replace(/\d/, (n) => String((Number(n) % 3) + 1));
    cells.another = await forged(side, visitor, another);
    visitor.jar.set(side.affinity, right);
  }
  await side.kill(has);
  cells.killed = await asked(side, visitor);
  const moved = visitor.jar.get(side.affinity);
  await side.bringBack(has);
  cells.back = await asked(side, visitor);
  if (routing === 'sticky') {
    assert.notEqual(moved, has);
    assert.equal(visitor.jar.get(side.affinity), moved, 'who was sent elsewhere stays there');
  }
  if (store === 'redis') {
    await redis.stop('SIGKILL');
    cells.store = await asked(side, visitor);
  }
  return cells;
}

/** @type {Map<Strategy, { proxied: Record<string, string>, own: Record<string, string> }>} */
const results = new Map();
let directory = '';

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'login-lab-'));
  await writeFile(join(directory, 'secret'), randomBytes(32), { mode: 0o600 });
});

for (const strategy of STRATEGIES) {
  test(strategy.name, bounds, async (t) => {
    /** @type {(Running | undefined)[]} */
    const started = [];
    t.after(() => Promise.all(started.map((program) => program?.stop())));

    const redis = await startRedis();
    started.push(redis);
    const alone = await startServer(undefined, '--redis-url', `redis://${at(redis.port)}`);
    started.push(alone);
    const own = new Own(strategy, alone);
    await own.start();

    const shared = await startRedis();
    started.push(shared);
    const args = ['--redis-url', `redis://${at(shared.port)}`, '--secret-file', join(directory, 'secret')];
    const proxied = new Proxied(strategy, await three(() => startServer(undefined, ...args)), args);
    t.after(() => Promise.all(proxied.processes.map((process) => process.stop())));
    await proxied.start();
    started.push(proxied.proxy);

    const cells = { proxied: await measured(proxied, shared), own: await measured(own, redis) };
    results.set(strategy, cells);
    assert.deepEqual(Object.keys(cells.proxied).sort(), Object.keys(cells.own).sort());
    for (const [cell, what] of Object.entries(cells.proxied)) {
      const [one, other] = strategy.differs[cell] ?? [what, what];
      assert.deepEqual([what, cells.own[cell]], [one, other], `${cell}: HAProxy, the lab`);
    }
  });
}

/** The table, as it came out. */
function table() {
  const all = Object.entries(CELLS).flatMap(([cell, title]) =>
    [...results].flatMap(([{ name, differs }, { proxied, own }]) => {
      const mark = differs[cell] ? ' ¹' : '';
      return proxied[cell] ? [`| ${name} | ${title} | ${proxied[cell]} | ${own[cell]}${mark} |`] : [];
    }),
  );
  const why = STRATEGIES.flatMap(({ differs }) => Object.values(differs).map(([, , why]) => why));
  return [
    '# The strategies on real servers',
    '',
    `Three processes of Login Lab behind HAProxy (\`deploy/strategies.cfg\`), and the three servers that a lab has by itself.`,
    `alice logs in once; then, after each of these, she asks ${REQUESTS} times who she is, one request after the other. *Known* is \`200\`,`,
    '*unknown* is `401`, *failed* is anything else; *by* says how many servers have answered.',
    '',
    '| strategy | what happened | HAProxy | Login Lab |',
    '|---|---|---|---|',
    ...all,
    '',
    ...[...new Set(why)].map((why) => `¹ ${why}`),
    '',
    'HAProxy finds out by itself that a process is gone: the first request to it waits about a second and is answered by another',
    'one. In the lab a stopped server is known to be at once. `node deploy/strategies.test.mjs --write docs/strategies.md` writes',
    'this table.',
    '',
  ].join('\n');
}

after(async () => {
  await rm(directory, { recursive: true });
  const flag = process.argv.indexOf('--write');
  const file = flag < 0 ? undefined : process.argv[flag + 1];
  if (file && results.size === STRATEGIES.length) await writeFile(file, table());
});
