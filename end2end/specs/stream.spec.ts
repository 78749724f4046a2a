// When the server's news are cut off the page says so, and catches up by itself.

import { expect, test } from '../fixtures.ts';
import { Line } from '../line.ts';

test('a cut event stream is announced, reconnects and catches up', async ({ lab, words, complaints, baseURL }) => {
  const line = await Line.to(baseURL ?? '');
  const { id, truth } = lab;
  // What the page asks for by itself once it is open must have come before the line is cut.
  const pending = new Set<string>();
  lab.page.on('request', (request) => request.url().endsWith('/control/cookies') && pending.add(request.url()));
  lab.page.on('requestfinished', (request) => pending.delete(request.url()));
  const known = await lab.wire.all.count();
  await lab.open(`${line.origin}/lab/${id}`);
  await expect(lab.wire.all).toHaveCount(known + 1);
  await expect.poll(() => pending.size).toBe(0);
  await expect(lab.page.getByRole('alert')).toBeEmpty();

  complaints.foreseeCut('control/events');
  await line.cut();
  await expect(lab.page.getByRole('alert')).toContainText(words.cut);
  await truth.logIn('bob');
  await truth.control('POST', 'clock', { advance: 600 });

  await line.mend();
  await expect(lab.page.getByRole('alert')).toBeEmpty();
  await expect(lab.wire.of('api/login')).toBeVisible();
  await expect(lab.server.rows).toContainText('bob');
  await line.close();
});
