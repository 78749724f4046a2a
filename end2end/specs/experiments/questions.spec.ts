// The common questions: each is answered where it is asked.

import type { Locator } from '@playwright/test';
import { expect, test } from '../../fixtures.ts';

const QUESTIONS = 8;

test('every common question is answered by comparisons that are as predicted, where it is asked', async ({ lab, words, complaints }) => {
  test.slow();
  complaints.tolerateExperiments();
  await lab.switch.choose('session-storage');
  for (let at = 0; at < QUESTIONS; at++) {
    const question = await lab.questions.open(at);
    const rows = question.comparisons;
    const asked = await question.summary.innerText();
    const count = await rows.count();
    expect(count, asked).toBeGreaterThan(0);
    // What another question has measured is known already.
    expect(await rows.filter({ hasText: words.experiments.notRun }).count(), asked).toBeGreaterThan(0);
    const before = await question.group.boundingBox();
    await question.run();
    await expect(question.asPredicted, asked).toHaveCount(count);
    // Nothing has moved from under the reader, and nothing was chosen for them.
    const after = await question.group.boundingBox();
    expect(Math.abs((after?.y ?? 0) - (before?.y ?? 0)), asked).toBeLessThan(8);
    await expect(lab.switch.radio('session-storage')).toBeChecked();
    await question.summary.click();
  }
});

test('what went over the wire is shown where the question is asked, once it was run', async ({ lab, words, page, complaints }) => {
  complaints.tolerate(/^Failed to load resource: the server responded with a status of 401 /);
  const question = await lab.questions.open(QUESTIONS - 1);
  await expect(question.wires).toHaveCount(0);
  await question.run();
  await expect(question.wires).toHaveCount(2);
  await question.wires.first().click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(words.schemes['session-cookie']);
  await dialog.getByText(words.experiments.usual).click();
  await expect(dialog.getByRole('list').getByText('401', { exact: true }).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(question.wires.first()).toBeFocused();
});

test('who was asked at another port and at another host is said', async ({ lab, words, complaints }) => {
  complaints.tolerateExperiments();
  await lab.experiments.run('ports');
  const card = lab.experiments.card('ports');
  await card.getByText(words.experiments.why, { exact: true }).click();
  const { port } = new URL((await lab.truth.view()).attacker.origin);
  const asked = (host: string) => card.getByRole('row').filter({ hasText: `: ${host}:${port}` }).getByRole('cell').last();
  await expect(asked('localhost')).toContainText(/: 1$/);
  await expect(asked('127.0.0.1')).toContainText(/: 0$/);
});

test('that HTTP is stateless is seen in three requests', async ({ lab, complaints }) => {
  complaints.tolerate(/^Failed to load resource: the server responded with a status of 401 /);
  const question = await lab.questions.open(QUESTIONS - 1);
  await question.run();
  await expect(question.comparisons.first()).toContainText(/200 OK.*401 Unauthorized.*200 OK.*: 1$/);
  await expect(question.comparisons.last()).toContainText(/200 OK.*401 Unauthorized.*200 OK.*: 0$/);
});

test('that a server was added is seen at each node', async ({ lab, words, complaints }) => {
  complaints.tolerate(/^Failed to load resource: the server responded with a status of 401 /);
  const question = await lab.questions.open(QUESTIONS - 2);
  await question.run();
  const [before, after] = [0, 1].map((at) => question.comparisons.nth(at));
  await expect(before as Locator).toContainText(/12 of 12|12건 중 12건/);
  const figures = (after as Locator).getByRole('cell').last();
  for (const node of [1, 2, 3]) await expect(figures).toContainText(new RegExp(`${words.fleet.node(node)}\\D*4`));
  // What was lost had been known: by the one that stopped then, which two of six requests met.
  const lost = question.comparisons.nth(2).getByRole('cell').last();
  await expect(lost).toContainText(/6\D*: 2\D+: [123]\D+6\D*: 0$/);
});

test('a question leads to the whole experiment with its scheme, says so, and one can go back', async ({ lab, words, page }) => {
  const question = await lab.questions.open(4);
  await question.experiments.first().click();
  await expect(lab.switch.radio('token-storage')).toBeChecked();
  await expect(lab.status).toContainText(words.schemes['token-storage']);
  const card = lab.experiments.card('copy-after-logout');
  await expect(card.locator('details')).toHaveAttribute('open', '');
  await expect(card).toBeFocused();
  // At once, and just below the line that stays in sight: a slow scroll misses what grows meanwhile.
  const top = await card.evaluate((element) => element.getBoundingClientRect().top);
  expect(top).toBeGreaterThan(0);
  expect(top).toBeLessThan(120);
  await expect(page).toHaveURL(/scheme=token-storage&experiment=copy-after-logout#experiment-copy-after-logout$/);
  // And back to where the question stands.
  await page.goBack();
  await expect(question.summary).toBeInViewport();
});
