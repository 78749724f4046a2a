// Results: what was measured in this lab, as tables, advice and files.

import { expect, test } from '../fixtures.ts';

test('before anything was measured, no cell says anything and nothing is advised', async ({ lab, words, page }) => {
  await lab.results.enter();
  await expect(lab.results.runAll).toBeVisible();
  await expect(lab.actions.region).toBeHidden();
  for (const axis of ['carrier', 'credential', 'servers', 'http'] as const) {
    const cells = lab.results.table(axis).getByRole('cell');
    const asked = cells.filter({ hasNotText: words.results.doesNotApply });
    expect(await asked.count(), axis).toBeGreaterThan(3);
    await expect(asked.filter({ hasNotText: words.results.notMeasured }), axis).toHaveCount(0);
    await expect(lab.results.fold(axis), axis).toBeHidden();
  }
  await expect(lab.results.region).toContainText(words.results.noAdvice);
  await expect(lab.results.advice).toHaveCount(0);
  await expect(lab.results.region.getByText(words.results.otherAxisOpen)).toHaveCount(2);
  expect(await lab.results.measured()).toEqual([]);
  await lab.results.leave();
  await expect(lab.actions.region).toBeVisible();
  await expect(page.getByRole('region', { name: words.attacker.title, exact: true })).toBeHidden();
});

test('results have an address, and Back leads to the desk', async ({ lab, page }) => {
  await lab.results.enter();
  await expect(page).toHaveURL(/[?&]results=1/);
  await page.goBack();
  await expect(lab.results.region).toBeHidden();
  await expect(lab.actions.region).toBeVisible();
  await page.goForward();
  await expect(lab.results.region).toBeVisible();
  await lab.reload();
  await expect(lab.results.region).toBeVisible();
  await lab.results.leave();
  await expect(page).not.toHaveURL(/results=1/);
});

test('what is measured fills its cells and no other, and advice waits for every cell that it rests on', async ({ lab, words, complaints }) => {
  test.slow();
  complaints.tolerateExperiments();
  await lab.guide.measure('xss-reads');
  await lab.results.enter();
  const [cookie, storage] = [lab.results.cells('scriptReads').first(), lab.results.cells('scriptReads').last()];
  for (const cell of [cookie, storage]) await expect(cell).not.toContainText(words.results.notMeasured);
  await expect(cookie.locator('.good')).toBeVisible();
  await expect(storage.locator('.bad')).toBeVisible();
  for (const cell of await lab.results.cells('scriptActs').all()) await expect(cell).toContainText(words.results.notMeasured);
  await expect(lab.results.advice).toHaveCount(0);

  await lab.results.leave();
  await lab.guide.measure('script-acts');
  await lab.results.enter();
  await expect(lab.results.advice).toHaveCount(1);
  await expect(lab.results.advice).toContainText(words.results.advice);
  for (const row of ['scriptReads', 'scriptActs'] as const) await expect(lab.results.advice).toContainText(words.results.rows[row]);
  // Both credentials were asked in both carriers: the other question does not matter in this row.
  await expect(lab.results.region.getByText(words.results.otherAxis(1, 1))).toHaveCount(1);
});

test('a row in which all are the same is folded, and opens', async ({ lab, words, page, complaints }) => {
  test.slow();
  complaints.tolerateExperiments();
  await lab.guide.measure('script-acts');
  await lab.results.enter();
  const row = lab.results.row('scriptActs');
  const fold = lab.results.fold('carrier');
  await expect(fold).toHaveText(words.results.folded(1));
  await expect(fold).toHaveAttribute('aria-expanded', 'false');
  await expect(row).toBeHidden();
  await fold.click();
  await expect(fold).toHaveAttribute('aria-expanded', 'true');
  await expect(row).toBeVisible();
  for (const cell of await lab.results.cells('scriptActs').all()) await expect(cell.locator('.bad')).toBeVisible();
  await fold.click();
  await expect(row).toBeHidden();
  await page.emulateMedia({ media: 'print' });
  await expect(row, 'on paper it stands there all the same').toBeVisible();
  await expect(lab.results.runAll).toBeHidden();
});

test('behind a cell stand its comparisons, and what went over the wire for them', async ({ lab, words, page, complaints }) => {
  complaints.tolerateExperiments();
  await lab.guide.measure('http-forgets');
  await lab.results.enter();
  const cell = lab.results.cells('stateless').first();
  await cell.click();
  const { details } = lab.results;
  await expect(details.getByRole('heading', { name: words.results.rows.stateless })).toBeVisible();
  await expect(details).toContainText(words.schemes['session-cookie']);
  const compared = details.getByRole('row').filter({ has: page.getByRole('cell') });
  await expect(compared).toHaveCount(1);
  await expect(compared.getByText(words.results.asPredicted, { exact: true })).toBeVisible();
  // Three requests: with the credential, without it, and with it again.
  await expect(compared).toContainText(/200 OK.*401 Unauthorized.*200 OK/);
  await details.locator('summary').filter({ hasText: words.results.wire }).click();
  await expect(details.getByRole('list').getByText('401', { exact: true }).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(details).toBeHidden();
  await expect(cell).toBeFocused();
  await cell.click();
  await details.getByRole('button', { name: words.results.close, exact: true }).click();
  await expect(details).toBeHidden();
});

test('every combination of cookie attributes stands in a table of its own, and none differs from its prediction', async ({ lab, words, complaints }) => {
  test.slow();
  complaints.tolerateExperiments();
  await lab.guide.measure('secure');
  await lab.results.enter();
  await lab.results.cells('cookieRules').first().click();
  const { details } = lab.results;
  await details.locator('summary').filter({ hasText: words.results.matrix }).click();
  const matrix = details.getByRole('table', { name: words.results.matrix, exact: true });
  await expect(matrix.getByRole('row')).toHaveCount(1 + 192);
  await expect(matrix.locator('td.bad')).toHaveCount(0);
  expect(await matrix.locator('td.is-yes').count()).toBeGreaterThan(50);
});

test('who was asked at another port and at another host is said', async ({ lab, words, complaints }) => {
  test.slow();
  complaints.tolerateExperiments();
  await lab.guide.measure('cookie-ports');
  await lab.guide.measure('cookie-unsent', 120_000);
  await lab.results.enter();
  await lab.results.cells('ports').first().click();
  const { port } = new URL((await lab.truth.view()).attacker.origin);
  const asked = (host: string) => lab.results.details.getByRole('row').filter({ hasText: `: ${host}:${port}` }).getByRole('cell').last();
  await expect(asked('localhost')).toContainText(/: 1$/);
  await expect(asked('127.0.0.1')).toContainText(/: 0$/);
  await expect(lab.results.details).toContainText(words.results.rows.ports);
});

test('what was measured is there after a reload, and in another tab', async ({ lab, words, newTab, complaints }) => {
  complaints.tolerateExperiments();
  const second = await newTab();
  await second.results.enter();
  await expect(second.results.cells('stateless').first()).toContainText(words.results.notMeasured);

  await lab.guide.measure('http-forgets');
  const measured = await lab.results.measured();
  expect(measured).toHaveLength(2);

  // A tab that was there before learns of it when somebody comes back to it; a headless browser does not say so.
  await second.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await expect(second.results.cells('stateless').first()).not.toContainText(words.results.notMeasured);
  expect(await second.results.measured()).toEqual(measured);
  await lab.reload();
  expect(await lab.results.measured()).toEqual(measured);
  await lab.results.leave();
  await expect(lab.guide.seen(1)).toBeVisible();
});

test('what was measured before the page was loaded anew in the middle of a run is there', async ({ lab, complaints }) => {
  complaints.tolerateExperiments();
  await lab.results.enter();
  await lab.results.runAll.click();
  // The first experiment is kept once the second has begun.
  await expect.poll(() => lab.truth.results(), { timeout: 60_000 }).not.toBeNull();
  await lab.reload();
  expect(await lab.results.measured()).not.toEqual([]);
});

test('what is measured can be taken along as Markdown, CSV and JSON, each named after its day', async ({ lab, words, complaints }) => {
  complaints.tolerateExperiments();
  await lab.guide.measure('http-forgets');
  await lab.results.enter();
  const day = new Date().toISOString().slice(0, 10);

  const json = await lab.results.export('JSON');
  expect(json.name).toBe(`login-lab-results-${day}.json`);
  const { tables, trials, advice } = await lab.results.report();
  expect(advice).toEqual([]);
  expect(tables.map(({ title }) => title)).toEqual(Object.values(words.results.tables));
  const measured = trials.filter((trial) => trial.measured);
  expect(measured.map(({ experiment, as_predicted, measured_with }) => [experiment, as_predicted, measured_with])).toEqual([
    ['stateless', true, 'session-cookie'],
    ['stateless', true, 'token-storage'],
  ]);
  const others = trials.filter((trial) => !trial.measured);
  expect(new Set(others.map(({ as_predicted, measured_with }) => `${as_predicted} ${measured_with}`))).toEqual(new Set(['null ']));

  const lines = (text: string) => text.trimEnd().split(/\r?\n/);
  const csv = await lab.results.export('CSV');
  expect(csv.name).toBe(`login-lab-results-${day}.csv`);
  expect(lines(csv.text)).toHaveLength(1 + trials.length);

  const markdown = await lab.results.export('Markdown');
  expect(markdown.name).toBe(`login-lab-results-${day}.md`);
  const rows = tables.reduce((sum, table) => sum + 2 + table.rows.length, 0);
  expect(lines(markdown.text).filter((line) => line.startsWith('|'))).toHaveLength(rows + 2 + measured.length);
  expect(markdown.text).toContain(words.results.noAdvice);
  for (const { text } of [markdown, csv, json]) expect(text, 'who has the id may use the lab').not.toContain(lab.id);
});

test('what is about the browser alone counts for both schemes with a cookie, and says with which it was measured', async ({ lab, complaints }) => {
  test.slow();
  complaints.tolerateExperiments();
  await lab.guide.measure('secure');
  const measured = await lab.results.measured();
  expect(measured.map(({ scheme, measured_with }) => [scheme, measured_with])).toEqual([
    ['session-cookie', 'session-cookie'],
    ['token-cookie', 'session-cookie'],
  ]);
  expect((await lab.results.export('CSV')).text).toContain('"measured with"');
});

test('a run that cannot begin says so where it was to begin', async ({ lab, words, page, complaints }) => {
  complaints.tolerateExperiments();
  await page.evaluate(() => {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    AbortSignal.timeout = (ms) => timeout(ms / 5);
  });
  await page.route(/\/control\/view$/, () => {});
  await lab.results.enter();
  await lab.strip.run(lab.results.runAll);
  await expect(lab.status).toContainText(words.results.unreachable);
  await expect(lab.status).toBeInViewport();
});

test('the results are printed', async ({ lab, words, page }) => {
  await page.evaluate(() => {
    window.print = () => document.documentElement.setAttribute('data-printed', '');
  });
  await lab.results.enter();
  await lab.results.region.getByRole('button', { name: words.results.print, exact: true }).click();
  await expect(page.locator('html[data-printed]')).toBeAttached();
});
