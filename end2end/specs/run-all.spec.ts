// Every experiment with every scheme: what is measured in Chromium is what was predicted.

import { schemes } from '../api.ts';
import { expect, test } from '../fixtures.ts';

/** The rows of the tables, in any order: how many each one has. */
const ROWS = [7, 11, 5, 4];

test('Run all measures every comparison, as predicted, and leaves nothing behind', async ({ lab, words, complaints }) => {
  test.setTimeout(1_200_000);
  complaints.tolerateExperiments();
  await lab.logIn('token-storage', 'bob');
  await lab.actions.addToCart();
  await expect(lab.status).toHaveText(words.said.cart(1));
  const before = await lab.truth.view();

  await lab.results.enter();
  await lab.strip.run(lab.results.runAll, 1_100_000);

  const { tables, trials, advice } = await lab.results.report();
  expect(trials.filter(({ measured, as_predicted, verdict }) => !measured || as_predicted === false || !verdict)).toEqual([]);
  expect(new Set(trials.map(({ experiment }) => experiment)).size).toBe(26);
  expect(new Set(trials.map(({ scheme }) => scheme))).toEqual(new Set(schemes));
  // A defence that is switched off changes what is measured.
  const reads = trials.filter(({ question, scheme }) => question === 'script-reads' && scheme === 'session-cookie');
  const said = (setting: RegExp) => reads.filter((one) => setting.test(one.setting)).map(({ measured }) => measured);
  expect([said(/^$/), said(/^HttpOnly off$/), said(/guestbook CSP/)]).toEqual([['no'], ['yes'], ['no']]);

  expect(tables.map(({ rows }) => rows.length)).toEqual(ROWS);
  for (const { title, rows } of tables)
    for (const [row, ...cells] of rows)
      for (const cell of cells) expect(cell, `${title}: ${row}`).not.toMatch(/^not measured|could not be|not as predicted/);
  expect(advice).toHaveLength(5);
  await expect(lab.results.advice).toHaveCount(5);

  // Each cell leads to what went over the wire.
  const cell = lab.results.cells('restart').first();
  await cell.click();
  await expect(lab.results.details.locator('summary').filter({ hasText: words.results.wire }).first()).toBeVisible();
  await lab.page.keyboard.press('Escape');
  await expect(cell).toBeFocused();

  const after = await lab.truth.view();
  for (const same of ['topology', 'users', 'defences', 'faults'] as const)
    expect(after[same], same).toEqual(before[same]);
  expect(after.attacker.loot).toEqual([]);
  expect(await lab.truth.rows()).toEqual([]);
  await lab.results.leave();
  await expect(lab.status).toHaveText(/^\d{3} comparisons measured, none differs /);
  await expect(lab.standing).toContainText('bob');
  await expect(lab.switch.radio('token-storage')).toBeChecked();

  // And the lab keeps it.
  await lab.reload();
  expect((await lab.results.report()).tables).toEqual(tables);
});
