import type { Locator, Page } from '@playwright/test';
import type { Words } from '../words.ts';

/** The ideas, each with what to do on the page to see it. */
export class Notes {
  readonly region: Locator;
  readonly #words: Words['notes'];

  constructor(page: Page, words: Words) {
    this.region = page.getByRole('region', { name: words.notes.title });
    this.#words = words.notes;
  }

  get all(): Locator {
    return this.region.getByRole('article');
  }

  /** The links from each idea to where it can be seen. */
  get links(): Locator {
    return this.region.getByRole('link', { name: this.#words.see });
  }
}
