// Every experiment with every scheme: what is measured in Chromium is what was predicted.

import { isCookie, isSession, type Scheme, schemes } from '../../api.ts';
import { expect, test } from '../../fixtures.ts';
import type { Comparison } from '../../panels/verdict.ts';

const experiments = [
  'script-reads',
  'script-acts',
  'other-site',
  'reload',
  'cookie-rules',
  'cookie-wall',
  'ports',
  'copy-after-logout',
  'role-change',
  'restart',
  'expiry',
  'payload',
  'tampered',
  'store-copied',
  'fixation',
  'growth',
  'cost',
  'refresh',
  'stateless',
  'retry',
  'cache',
  'any-server',
  'problem',
  'sticky',
  'clustering',
  'separate',
];

// What differs from its prediction, or was not measured.
const unlike = (found: Comparison[]) => found.filter(({ verdict }) => !/^(as predicted|measured only)$/.test(verdict));

/** What can be asked of a scheme: a session has no use for a refresh token, and localStorage has no cookie to drop. */
const applies = (experiment: string, scheme: Scheme) => {
  if (experiment === 'refresh') return !isSession(scheme);
  return !['cookie-wall', 'cookie-rules'].includes(experiment) || isCookie(scheme);
};

// Run to its end: an answer, and every comparison as predicted.
const WHOLE = /^(?!partly run|not run).+ \((\d+) of \1 as predicted(, not so under \d+ other settings?)?\)$/;

test('Run all measures every experiment with every scheme, as predicted, and leaves nothing behind', async ({
  lab,
  words,
  complaints,
}) => {
  test.setTimeout(1_200_000);
  complaints.tolerateExperiments();
  await lab.logIn('token-storage', 'bob');
  await lab.actions.addToCart();
  await expect(lab.status).toHaveText(words.said.cart(1));
  const before = await lab.truth.view();

  await lab.verdict.runAll.click();
  await expect(lab.experiments.strip).toBeHidden({ timeout: 1_100_000 });

  const { verdict, trials } = await lab.verdict.report();
  expect(unlike(trials)).toEqual([]);
  const cells = verdict.flatMap(({ experiment, cells }) => schemes.map((scheme) => [experiment, scheme, cells[scheme]]));
  expect(cells).toHaveLength(104);
  for (const [experiment, scheme, cell] of cells) {
    const said = applies(experiment as string, scheme as Scheme) ? WHOLE : /^does not apply$/;
    expect(cell, `${experiment}, ${scheme}`).toMatch(said);
  }
  expect(verdict.map(({ experiment }) => experiment)).toEqual(experiments);
  // Each cell of the page leads to what went over the wire.
  await expect(lab.verdict.table.getByRole('button')).toHaveCount(98);
  await expect(lab.status).toHaveText(/^\d{3} comparisons measured, none differs /);

  const after = await lab.truth.view();
  for (const same of ['topology', 'users', 'defences', 'faults'] as const)
    expect(after[same], same).toEqual(before[same]);
  expect(await lab.truth.rows()).toEqual([]);
  await expect(lab.standing).toContainText('bob');
  await expect(lab.switch.radio('token-storage')).toBeChecked();
});

test('each card runs its own experiment', async ({ lab, complaints }) => {
  test.setTimeout(360_000);
  complaints.tolerateExperiments();
  // The one scheme to which everything applies. Two experiments wait for minutes; Run all has them.
  await lab.switch.choose('token-cookie');
  const short = experiments.filter((experiment) => !['other-site', 'cookie-rules'].includes(experiment));
  for (const experiment of short) expect(await lab.experiments.run(experiment, 120_000), experiment).toBe(true);
  const found = await lab.verdict.measured();
  expect(unlike(found)).toEqual([]);
  expect([...new Set(found.map(({ experiment }) => experiment))]).toEqual(short);
  expect([...new Set(found.map(({ scheme }) => scheme))]).toEqual(['token-cookie']);
});

for (const scheme of schemes.filter(isCookie)) {
  test(`${scheme}: a defence that is switched off changes what is measured`, async ({ lab, complaints }) => {
    complaints.tolerateExperiments();
    await lab.switch.choose(scheme);
    await lab.experiments.run('script-reads');
    const reads = (await lab.verdict.measured()).filter(({ question }) => question === 'script-reads');
    const said = (setting: RegExp) => reads.filter((one) => setting.test(one.setting)).map(({ measured }) => measured);
    expect(new Set(reads.map(({ measured }) => measured))).toEqual(new Set(['yes', 'no']));
    expect(said(/^$/)).toEqual(['no']);
    expect(said(/^HttpOnly off$/)).toEqual(['yes']);
    expect(said(/guestbook CSP/)).toEqual(['no']);
  });
}
