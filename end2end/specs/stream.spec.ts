// When the server's news are cut off the page says so, and catches up by itself.

import { expect, test } from '../fixtures.ts';
import { Line } from '../line.ts';

test('a cut event stream is announced, reconnects and catches up', async ({ lab, words, complaints, baseURL }) => {
  const line = await Line.to(baseURL ?? '');
  const { id, truth } = lab;
  await lab.open(`${line.origin}/lab/${id}`);
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
