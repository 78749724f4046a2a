// A crowd: what each strategy costs, measured beside what theory expects.

import { expect, test } from '../fixtures.ts';

test('a crowd on the problem and on clustering is as predicted, and the two can be compared', async ({ lab, words }) => {
  const { presets: names } = words.servers;
  await lab.crowd.show();
  await expect(lab.crowd.compared(names.problem)).toContainText(words.crowd.notRun);

  await lab.servers.adopt('problem');
  await expect(lab.servers.preset('problem')).toHaveAttribute('aria-pressed', 'true');
  await lab.crowd.send(50, 600, 0);
  await expect(lab.status).toHaveText(words.said.crowdDone);
  await expect(lab.crowd.measure('known')).toContainText(words.crowd.within);
  await expect(lab.crowd.measure('mistaken')).toContainText(words.crowd.within);
  await expect(lab.crowd.compared(names.problem)).not.toContainText(words.crowd.notRun);

  await lab.servers.adopt('clustering');
  await expect(lab.servers.preset('clustering')).toHaveAttribute('aria-pressed', 'true');
  await lab.crowd.send(20, 200, 0);
  await expect(lab.status).toHaveText(words.said.crowdDone);
  await expect(lab.crowd.measure('messages')).toContainText(words.crowd.within);
  await expect(lab.crowd.region).not.toContainText(words.crowd.notAsPredicted);
  await expect(lab.crowd.compared(names.clustering)).not.toContainText(words.crowd.notRun);
  await expect(lab.crowd.compared(names.sticky)).toContainText(words.crowd.notRun);
  expect((await lab.truth.view()).crowd.results.map(({ outcomes }) => outcomes.mistaken)).toEqual([0, 0]);
});

test('a server that stops in the middle of a crowd is seen, and the crowd can be stopped', async ({ lab, words }) => {
  await lab.servers.adopt('sticky');
  await expect(lab.servers.preset('sticky')).toHaveAttribute('aria-pressed', 'true');
  await lab.crowd.send(30, 10_000, 50);
  await expect(lab.crowd.stop).toBeEnabled();
  await lab.server.show();
  await lab.server.stop(2);
  await expect(lab.server.region.getByRole('button', { name: words.fleet.startNode(2) })).toBeVisible();
  await lab.crowd.show();
  await lab.crowd.stop.click();
  await expect(lab.crowd.region).toContainText(words.crowd.stopped);
  await expect(lab.crowd.region).toContainText(words.crowd.disturbed);
  await expect(lab.crowd.measure('mistaken')).toContainText(words.crowd.within);
});

test("a crowd leaves the visitor's own login alone and nothing behind", async ({ lab, words }) => {
  await lab.logIn();
  await lab.crowd.send(10, 100, 0);
  await expect(lab.status).toHaveText(words.said.crowdDone);
  await lab.actions.whoAmI();
  await expect(lab.status).toHaveText(words.said.me('alice', 'session-cookie'));
  expect((await lab.truth.rows()).map((row) => row.user)).toEqual(['alice']);
});
