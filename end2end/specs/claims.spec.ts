// Every claim of the guide: its Try it comes to its end, and then it is seen.

import { expect, test } from '../fixtures.ts';
import { CHAPTERS } from '../panels/guide.ts';

for (const chapter of CHAPTERS) {
  test(`${chapter}: each claim can be tried, one after the other, and all of it put back`, async ({ lab, words, complaints }) => {
    test.setTimeout(600_000);
    complaints.tolerateExperiments();
    // A store that is stopped.
    complaints.tolerate(/^Failed to load resource: the server responded with a status of 503 /);
    await lab.hurry();
    await lab.logIn('session-storage', 'bob');
    const before = await lab.truth.view();

    for (const claim of await lab.guide.idsWithTry(chapter)) {
      await lab.guide.open(claim);
      await lab.guide.tryButton(claim).click();
      // What an earlier claim has measured shows the tick at once; the run goes on, and is waited for.
      await expect(lab.guide.tick(claim), claim).toBeVisible({ timeout: 150_000 });
      await expect(lab.guide.stop, claim).toBeHidden({ timeout: 150_000 });
      await expect(lab.strip.region, claim).toBeHidden({ timeout: 150_000 });
      await lab.hydrated();
    }

    await lab.guide.putBack.click();
    await expect(lab.status).toHaveText(words.said.putBack, { timeout: 20_000 });
    const after = await lab.truth.view();
    for (const same of ['topology', 'users', 'defences', 'faults'] as const) expect(after[same], same).toEqual(before[same]);
    await expect(lab.switch.radio('session-storage')).toBeChecked();
    expect((await lab.truth.rows()).map(({ user }) => user)).toEqual(['bob']);
    await expect(lab.standing).toContainText('bob');
  });
}
