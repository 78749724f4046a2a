import type { Locator, Page } from '@playwright/test';
import type { Words } from '../words.ts';

export type Strategy = keyof Words['servers']['names'];

/** How many servers there are, and how they share logins. */
export class Servers {
  readonly region: Locator;
  readonly #words: Words['servers'];

  constructor(page: Page, words: Words) {
    this.region = page.getByRole('region', { name: words.servers.title, exact: true });
    this.#words = words.servers;
  }

  preset(strategy: Strategy): Locator {
    return this.region.getByRole('button', { name: this.#words.names[strategy], exact: true });
  }

  get sharedStore(): Locator {
    return this.region.getByLabel(this.#words.shared, { exact: true });
  }

  get loss(): Locator {
    return this.region.getByLabel(this.#words.loss, { exact: true });
  }

  get stopStore(): Locator {
    return this.region.getByRole('button', { name: this.#words.stopStore, exact: true });
  }

  get startStore(): Locator {
    return this.region.getByRole('button', { name: this.#words.startStore, exact: true });
  }

  async adopt(strategy: Strategy): Promise<void> {
    await this.preset(strategy).click();
  }

  async openAdjust(): Promise<void> {
    await this.region.locator('summary').filter({ hasText: this.#words.adjust }).click();
  }

  /** Lets so many of a hundred messages get lost. */
  async lose(percent: number): Promise<void> {
    await this.loss.fill(`${percent}`);
    await this.loss.press('Tab');
  }
}
