import type { Locator, Page } from '@playwright/test';
import type { Words } from '../words.ts';
import { Place } from './place.ts';

/** The first place: what the browser holds. */
export class BrowserPlace extends Place {
  readonly #words: Words;

  constructor(page: Page, words: Words) {
    super(page, words.browser.title);
    this.#words = words;
  }

  get cookies(): Locator {
    return this.part(this.#words.browser.cookies);
  }

  get storage(): Locator {
    return this.part(this.#words.browser.storage);
  }

  get nextRequest(): Locator {
    return this.part(this.#words.browser.next);
  }

  get renderedFor(): Locator {
    return this.part(this.#words.browser.rendered);
  }

  /** A JWT, opened or not. */
  get token(): Locator {
    return this.region.locator('details').filter({ hasText: this.#words.token.open });
  }

  async openToken(): Promise<void> {
    await this.token.locator('summary').click();
  }
}
