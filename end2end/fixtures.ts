import { test as base } from '@playwright/test';
import { Complaints } from './complaints.ts';
import { Lab } from './lab.ts';
import { type Lang, type Words, words } from './words.ts';

interface Fixtures {
  /** Whether the page comes by https: then every cookie is Secure, and the page proposes `__Host-`. */
  https: boolean;
  lang: Lang;
  words: Words;
  /** What the browser complained of; looked at when a test ends, whether it asked for it or not. */
  complaints: Complaints;
  /** A lab of the test's own, opened, and answering to clicks. */
  lab: Lab;
  /** Opens another tab of the same browser on the lab. */
  newTab: () => Promise<Lab>;
}

export const test = base.extend<Fixtures>({
  https: async ({ baseURL }, use) => use(baseURL?.startsWith('https:') ?? false),
  lang: async ({ locale }, use) => use(locale?.startsWith('ko') ? 'ko' : 'en'),
  words: async ({ lang }, use) => use(words[lang]),
  complaints: [
    async ({ context, javaScriptEnabled }, use) => {
      const complaints = new Complaints();
      await complaints.watch(context, javaScriptEnabled ?? true);
      await use(complaints);
      complaints.verify();
    },
    { auto: true },
  ],
  lab: async ({ page, words, request, javaScriptEnabled }, use) => {
    const lab = new Lab(page, words, request);
    if (javaScriptEnabled) await lab.open();
    else await page.goto('/');
    await use(lab);
  },
  newTab: async ({ context, lab, words, request }, use) =>
    use(async () => {
      const tab = new Lab(await context.newPage(), words, request);
      await tab.open(lab.page.url());
      return tab;
    }),
});

export { expect } from '@playwright/test';
