// Breaks one thing after the other while visitors go on asking, and holds every answer against what it may be.
//
//   node reliability/faults.mjs [--write docs/reliability.md] [--only 'Redis|clock']
//
// REQUESTS=1000000 says how many requests there are in all, PAUSE=55 how many milliseconds a visitor waits between two on
// average: longer, and the machine is less in demand.

import { cluster } from './faults/cluster.mjs';
import { descriptors } from './faults/descriptors.mjs';
import { one } from './faults/one.mjs';
import { wires } from './faults/wires.mjs';
import { builtServer } from '../end2end/serve.mjs';
import { quantile, RECOVERY, verdict } from './judge.mjs';
import { Round, sleep } from './load.mjs';
import { HELD_UP, Machine } from './machine.mjs';
import { grouped, table, whereToWrite, writePart } from './report.mjs';

/** @typedef {import('./faults/fault.mjs').Stage} Stage */
/** @typedef {import('./faults/fault.mjs').Fault} Fault */
/** @typedef {import('./judge.mjs').Outcome} Outcome */

const REQUESTS = Number(process.env.REQUESTS ?? 1_000_000);
/** A fault's share of them. There are 24 faults; those with few visitors get less, and what is in between counts, too. */
const SHARE = REQUESTS / 22.5;
/** So many visitors make a full share. */
const MANY = 96;
/** How long a fault lasts at the least, and how long it is quiet before and after, in milliseconds. */
const LASTS = 4000;
const BEFORE = 1500;
const AFTER = RECOVERY + 1000;
/** So many have to feel a fault: one or two may be chance. */
const FELT = 3;
/** How long a quiet machine is waited for before each fault, in milliseconds. */
const WAITS = 120_000;
const LOOKS = 1500;
/** How long nobody writes before something that may lose what is under way. */
const QUIET = 700;

/** Makes a fault, mends it, and says what came of it. @param {Stage} stage @param {Fault} fault @returns {Promise<Outcome>} */
async function broken({ load, labs }, fault) {
  const round = new Round(fault.effect);
  const share = SHARE * Math.min(1, load.visitors.length / MANY);
  load.round = round;
  await load.answered(share * 0.3, BEFORE);
  if (fault.isQuiet) {
    for (const visitor of load.visitors) visitor.quiet = true;
    await sleep(QUIET);
  }
  round.span.begin = performance.now();
  await fault.begin();
  if (fault.isMoment) round.span.end = performance.now();
  for (const visitor of load.visitors) visitor.quiet = false;
  await load.answered(share * 0.4, LASTS);
  await fault.end();
  if (!fault.isMoment) round.span.end = performance.now();
  await load.answered(share * 0.3, AFTER);
  load.round = undefined;
  const concerned = labs.filter((lab) => load.visitors.some((visitor) => visitor.lab === lab && fault.effect(visitor)));
  return {
    ...{ name: fault.name, requests: round.requests, over: round.over, statuses: round.statuses, findings: round.findings, othersFailed: round.othersFailed },
    ...round.waits,
    recoveries: concerned.map((lab) => round.recovered.get(lab) ?? Infinity),
    felt: fault.isFelt?.() || fault.felt.reduce((sum, status) => sum + (round.statuses.get(status) ?? 0), 0) >= FELT,
    also: (await fault.also?.()) ?? [],
  };
}

/** Waits until nobody else holds the machine up, but not for ever: what is late would say nothing of the server. */
async function quiet() {
  const until = performance.now() + WAITS;
  for (let isFirst = true; ; isFirst = false) {
    await machine.heldUp();
    await sleep(LOOKS);
    const heldUp = await machine.heldUp();
    if (heldUp < HELD_UP || performance.now() > until) return;
    if (isFirst) console.log(`  waiting: others hold the machine up for ${Math.round(heldUp)} ms`);
  }
}

/** @param {Outcome} outcome */
function row(outcome) {
  const { name, requests, statuses, findings, recoveries, othersFailed, before, during } = outcome;
  const answers = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status || 'none'}: ${grouped(count)}`);
  const ms = (/** @type {number} */ value) => (Number.isFinite(value) ? grouped(Math.round(value)) : 'never');
  const why = verdict(outcome);
  return [
    ...[name, grouped(requests), answers.join(', '), `${findings.length}`],
    `${ms(quantile(recoveries, 0.5))} / ${ms(Math.max(...recoveries))}`,
    `${othersFailed}`,
    Number.isNaN(during / before) ? '–' : `${before.toFixed(1)} → ${during.toFixed(1)} ms, × ${(during / before).toFixed(1)}`,
    why.length === 0 ? 'borne' : `**${why.join('; ')}**`,
  ];
}

const HEAD = ['fault', 'requests', 'answers to those concerned', 'unexpected', 'recovery, ms: p50 / max', "others' failures", "others' p99", ''];

builtServer();
const machine = new Machine();
/** @type {Outcome[]} */
const outcomes = [];
/** @type {string[]} */
const wrongs = [];
/** @type {string[]} */
const notRun = [];
let [requests, panics] = [0, 0];

const flag = process.argv.indexOf('--only');
const only = flag < 0 ? undefined : new RegExp(process.argv[flag + 1] ?? '');
const started = performance.now();
for (const make of [one, wires, cluster, descriptors]) {
  const stage = await make();
  const faults = stage.faults.filter(({ name }) => !only || only.test(name));
  console.log(`\n${stage.name}: ${stage.labs.length} labs, ${stage.load.visitors.length} visitors`);
  try {
    if (faults.length > 0) {
      stage.load.start();
      await stage.load.isWarm();
      for (const fault of faults) {
        await quiet();
        const outcome = await broken(stage, fault);
        console.log(`  ${row(outcome).join(' | ')}`);
        const heldUp = await machine.heldUp();
        if (verdict(outcome).length > 0 && heldUp > HELD_UP) console.log(`  meanwhile the machine was held up for ${Math.round(heldUp)} ms`);
        outcomes.push(outcome);
      }
      await stage.load.stop();
    }
  } finally {
    wrongs.push(...stage.load.between.map(({ kind, detail }) => `between faults: ${kind}, ${detail}`));
    wrongs.push(...stage.servers.flatMap((server) => server.wrongs));
    panics += stage.servers.reduce((sum, server) => sum + server.panics, 0);
    requests += stage.load.requests;
    notRun.push(...stage.notRun);
    await stage.stop();
  }
}

const findings = outcomes.flatMap((outcome) => outcome.findings);
const over = outcomes.reduce((sum, outcome) => sum + outcome.over, 0);
const count = (/** @type {import('./judge.mjs').Kind} */ kind) => findings.filter((found) => found.kind === kind).length;
const failed = outcomes.filter((outcome) => verdict(outcome).length > 0).length;
const totals =
  `${grouped(requests)} requests in ${Math.round((performance.now() - started) / 1000)} s; answered as somebody else: ${count('somebody else')}; ` +
  `with logins that are over: ${grouped(over)}, revived: ${count('revived')}; lost from a cart: ${count('lost item')}; panics: ${panics}; ` +
  `${outcomes.length} faults, ${outcomes.length - failed} borne, ${notRun.length} not run`;
const result = table(HEAD, outcomes.map(row));
console.log(`\n${result}\n`);
for (const what of notRun) console.log(`not run: ${what}`);
for (const what of [...new Set(wrongs)].slice(0, 20)) console.log(`wrong: ${what}`);
console.log(`Machine: ${await machine.said()}`);
console.log(`Faults: ${totals}`);

const isWell = failed === 0 && wrongs.length === 0 && outcomes.length > 0 && (only !== undefined || requests >= REQUESTS);
const file = whereToWrite();
if (file && only === undefined) {
  await writePart(file, 'faults', `## What breaks

\`make faults\`: visitors in many labs go on asking, with session IDs and with tokens, while one thing after the other is
broken and mended. Each visitor holds each answer against what it knows: who it is, what is in its cart, which of its
logins are over. *Those concerned* are the visitors who need what is broken; *others* are all the rest, and the time is that
of who keeps sessions in memory. Recovery counts from the moment at which the cause ends to the first \`200\` in each
lab, and may take 2 s.

${result}

${totals}.${notRun.map((what) => `\nNot run: ${what}.`).join('')}
`);
}
process.exit(isWell ? 0 : 1);
