// Around the experiments: links, stopping, exports, the attacker's place.

import { expect, test } from '../../fixtures.ts';

test('before anything has run, nothing is said to be measured', async ({ lab, words, page }) => {
  await expect(lab.verdict.table).toContainText(words.verdict.notRun);
  await expect(lab.verdict.table).not.toContainText(words.experiments.asPredicted);
  await expect(page.getByRole('region', { name: words.attacker.title, exact: true })).toBeHidden();
  expect(await lab.verdict.measured()).toEqual([]);
});

test('a link opens an experiment with its scheme', async ({ lab, words }) => {
  await lab.open(`/lab/${lab.id}?scheme=token-storage&experiment=fixation`);
  await expect(lab.switch.radio('token-storage')).toBeChecked();
  const card = lab.experiments.card('fixation');
  await expect(card.locator('details')).toHaveAttribute('open', '');
  await lab.experiments.run('fixation');
  await expect(card.getByText(words.experiments.asPredicted, { exact: true }).first()).toBeVisible();
  await expect(lab.verdict.table.getByText(words.experiments.asPredicted, { exact: true }).first()).toBeVisible();
});

test('stopped in the middle, everything is as it was', async ({ lab, words, complaints }) => {
  complaints.tolerate(/^Failed to load resource: the server responded with a status of 40[013] /);
  complaints.tolerate(/^(Executing inline script violates|Content security policy: script-src-elem kept out inline)/);
  await lab.logIn('session-storage', 'bob');
  await lab.actions.addToCart();
  await expect(lab.status).toHaveText(words.said.cart(1));
  await lab.truth.control('PUT', 'defences', { denylist: true });
  await lab.truth.control('PUT', 'topology', { nodes: 2, routing: 'sticky' });
  await lab.actions.logIn('bob');
  await expect(lab.status).toHaveText(words.said.loggedIn('bob', 'session-storage'));
  const before = await lab.truth.view();

  await lab.verdict.runAll.click();
  await expect(lab.experiments.strip.getByText(/^([3-9] of \d+|\d+개 중 [3-9]개)$/)).toBeVisible({ timeout: 30_000 });
  await lab.experiments.stop();
  await expect(lab.switch.radio('session-storage')).toBeChecked();
  const after = await lab.truth.view();
  for (const same of ['topology', 'users', 'defences', 'faults'] as const)
    expect(after[same], same).toEqual(before[same]);
  expect((await lab.truth.rows()).map(({ user, cart }) => ({ user, cart }))).toEqual([{ user: 'bob', cart: ['pen'] }]);
  await expect(lab.standing).toContainText('bob');
  expect((await lab.script()).cookie).toBe('');
});

test('a run that the server leaves without an answer ends, says so, and can be run again', async ({ lab, words, page, complaints }) => {
  complaints.tolerate(/^Failed to load resource: the server responded with a status of 401 /);
  // What the page would wait for in seconds is made short, so that the test need not wait as long.
  await page.evaluate(() => {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    AbortSignal.timeout = (ms) => timeout(ms / 5);
  });
  await page.route(/\/control\/view$/, () => {});
  await lab.experiments.runButton('stateless').click();
  await expect(lab.status).toContainText(words.experiments.unreachable, { timeout: 30_000 });
  await expect(lab.experiments.strip).toBeHidden();
  await page.unroute(/\/control\/view$/);
  await lab.experiments.run('stateless');
  await expect(lab.experiments.card('stateless').getByText(words.experiments.asPredicted, { exact: true }).first()).toBeVisible();
});

test('what is measured can be taken along as Markdown, CSV and JSON', async ({ lab, complaints }) => {
  complaints.tolerate(/^Failed to load resource: the server responded with a status of 401 /);
  await lab.experiments.run('stateless');
  const measured = await lab.verdict.measured();
  expect(measured.map(({ experiment, scheme, verdict }) => [experiment, scheme, verdict !== ''])).toEqual([
    ['stateless', 'session-cookie', true],
  ]);
  const { verdict, trials } = await lab.verdict.report();
  expect(measured.map(({ as_predicted, measured_with }) => [as_predicted, measured_with])).toEqual([[true, 'session-cookie']]);
  const others = trials.filter(({ measured }) => !measured);
  expect(new Set(others.map(({ as_predicted, measured_with }) => `${as_predicted} ${measured_with}`))).toEqual(new Set(['null ']));
  const lines = (text: string) => text.trimEnd().split(/\r?\n/);
  expect(lines(await lab.verdict.exported('CSV'))).toHaveLength(1 + trials.length);
  const markdown = await lab.verdict.exported('Markdown');
  expect(lines(markdown).filter((line) => line.startsWith('|'))).toHaveLength(2 + verdict.length + 2 + measured.length);
  for (const text of [markdown, JSON.stringify(trials)]) expect(text).not.toContain(lab.id);
});

test('a cell of the verdict says that other settings give another answer, and what of it is not run yet', async ({ lab, words, complaints }) => {
  complaints.tolerateExperiments();
  await lab.experiments.run('script-reads');
  await expect(lab.verdict.table.getByRole('button').filter({ hasText: words.verdict.otherwise })).toHaveCount(1);
  // Its answer needs the denylist's part of what a request costs, and not what stands for that experiment.
  const question = await lab.questions.open(4);
  await question.run();
  const partly = lab.verdict.table.getByRole('button').filter({ hasText: words.verdict.partlyRun });
  await expect(partly.first()).toBeVisible();
  await expect(partly.filter({ hasText: words.verdict.notRun })).toHaveCount(0);
});

test('with the keyboard alone a run is stopped, and the focus is back where it was', async ({ lab, page, complaints }) => {
  complaints.tolerate(/^Failed to load resource: the server responded with a status of 40[013] /);
  await lab.experiments.runButton('expiry').focus();
  await page.keyboard.press('Enter');
  await expect(lab.experiments.strip.getByRole('button')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(lab.experiments.strip).toBeHidden({ timeout: 30_000 });
  await expect(lab.experiments.runButton('expiry')).toBeFocused();
});

test('a run leaves no row and no cookie of its own', async ({ lab, page, complaints }) => {
  complaints.tolerate(/^Failed to load resource: the server responded with a status of 40[013] /);
  await lab.logIn('session-cookie');
  await lab.truth.control('PUT', 'topology', { nodes: 3, routing: 'sticky' });
  await lab.experiments.run('sticky');
  await lab.truth.control('PUT', 'topology', { nodes: 1, routing: 'round-robin' });
  await lab.logIn('session-cookie');
  await lab.experiments.run('problem');
  expect((await lab.truth.rows()).map(({ user }) => user)).toEqual(['alice']);
  expect((await page.context().cookies()).map(({ name }) => name)).toEqual(['sid']);
});

test('the attacker has a place as soon as there is loot, and a replay says what became of it', async ({ lab, words, page }) => {
  await lab.logIn();
  await lab.truth.control('POST', 'loot', { take: 'rows' });
  const attacker = page.getByRole('region', { name: words.attacker.title });
  await attacker.getByRole('button', { name: words.attacker.replay }).first().click();
  await expect(lab.status).toContainText('alice');
  await expect(lab.status).toHaveText(/^200/);
  await attacker.getByRole('button', { name: words.attacker.empty }).click();
  await expect(attacker).toBeHidden();
});

test('a result that two schemes share says with which it was measured', async ({ lab, words }) => {
  await lab.experiments.runButton('cookie-rules').click();
  await expect(lab.experiments.strip.getByText(/^([1-9] of \d+|\d+개 중 [1-9]개)$/)).toBeVisible({ timeout: 30_000 });
  await lab.experiments.stop();
  const card = lab.experiments.card('cookie-rules');
  await card.getByText(words.experiments.why, { exact: true }).click();
  await expect(card.getByText(words.experiments.asPredicted, { exact: true }).first()).toBeVisible();
  await expect(card).not.toContainText(words.experiments.measuredWith);
  await lab.switch.choose('token-cookie');
  await expect(card).toContainText(`${words.experiments.measuredWith}: ${words.schemes['session-cookie']}`);
  const shared = (await lab.verdict.measured()).filter(({ scheme }) => scheme === 'token-cookie');
  expect(shared.length).toBeGreaterThan(0);
  expect(new Set(shared.map(({ measured_with }) => measured_with))).toEqual(new Set(['session-cookie']));
  expect(await lab.verdict.exported('CSV')).toContain('"measured with"');
});

test('a card says that its setting is not the visitor’s, where that is what it compares', async ({ lab, words }) => {
  await expect(lab.experiments.region).not.toContainText(words.experiments.notYours);
  await lab.truth.control('PUT', 'topology', { store: 'sqlite' });
  await expect(lab.experiments.card('restart')).toContainText(words.experiments.notYours);
  await expect(lab.experiments.card('fixation')).not.toContainText(words.experiments.notYours);
  await lab.cookieOptions.toggle('HttpOnly').uncheck();
  await expect(lab.experiments.card('script-reads')).toContainText('HttpOnly');
  await expect(lab.experiments.region.getByText(words.experiments.notYours)).toHaveCount(1);
});
