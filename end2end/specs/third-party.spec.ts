// Whether what another site embeds brings cookies along is a setting of each browser's profile: predictions ask.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchOptions } from '../browser.mjs';
import { expect, test } from '../fixtures.ts';
import { Lab } from '../lab.ts';

for (const allowed of [true, false]) {
  test(`third-party cookies ${allowed ? 'allowed' : 'blocked'}: predicted so, and measured so`, async ({
    playwright,
    baseURL,
    words,
    request,
  }) => {
    test.slow();
    const profile = await mkdtemp(join(tmpdir(), 'login-lab-profile-'));
    await mkdir(join(profile, 'Default'));
    // 0: none is blocked; 1: third-party ones are.
    const preferences = { profile: { cookie_controls_mode: allowed ? 0 : 1 } };
    await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
    const context = await playwright.chromium.launchPersistentContext(profile, {
      ...launchOptions(),
      ...(baseURL ? { baseURL } : {}),
      locale: 'en-US',
    });
    try {
      const lab = new Lab(context.pages()[0] ?? (await context.newPage()), words, request);
      await lab.open();
      for (const claim of ['csrf-fetch', 'csrf-frame']) await lab.guide.measure(claim);
      const found = await lab.results.measured();
      expect(found.filter(({ verdict }) => verdict !== 'as predicted')).toEqual([]);
      const embedded = found.filter(
        ({ question, setting }) => /^other-site:(fetch|frame)$/.test(question) && setting === 'SameSite=None; Secure',
      );
      expect(embedded.map(({ measured }) => measured)).toEqual(Array(2).fill(allowed ? 'yes' : 'no'));
      expect((await lab.truth.view()).attacker.third_party).toBe(allowed);
    } finally {
      await context.close();
      await rm(profile, { recursive: true });
    }
  });
}
