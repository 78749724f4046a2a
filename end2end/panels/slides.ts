import { expect, type Locator, type Page } from '@playwright/test';
import type { Words } from '../words.ts';

/** One claim at a time, for a room full of people. */
export class Slides {
  readonly region: Locator;
  /** The claim. */
  readonly heading: Locator;
  readonly predicted: Locator;
  readonly measured: Locator;
  /** What to look at, and the rule. */
  readonly reason: Locator;
  readonly #page: Page;
  readonly #words: Words['slides'];

  constructor(page: Page, words: Words) {
    this.region = page.getByRole('region', { name: words.slides.title, exact: true });
    this.heading = this.region.getByRole('heading', { level: 2 });
    this.predicted = this.region.locator('td.predicted');
    this.measured = this.region.locator('td.measured');
    this.reason = this.region.locator('.reason');
    this.#page = page;
    this.#words = words.slides;
  }

  /** Where it stands in its chapter. */
  place(at: number, of: number): Locator {
    return this.region.getByText(this.#words.place(at, of));
  }

  button(name: Exclude<keyof Words['slides'], 'title' | 'place' | 'unknown'>): Locator {
    return this.region.getByRole('button', { name: this.#words[name], exact: true });
  }

  /** From the head of the page. */
  async enter(): Promise<void> {
    await this.#page.getByRole('banner').getByRole('button', { name: this.#words.title, exact: true }).click();
    await expect(this.heading).toBeFocused();
  }
}
