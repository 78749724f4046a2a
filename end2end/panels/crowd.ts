import type { Locator, Page } from '@playwright/test';
import type { Words } from '../words.ts';

/** Many visitors at once: a tab of the third place. */
export class Crowd {
  /** There while its tab is shown. */
  readonly region: Locator;
  readonly tab: Locator;
  readonly #words: Words['crowd'];

  constructor(page: Page, words: Words) {
    this.region = page.getByRole('region', { name: words.crowd.title, exact: true });
    this.tab = page.getByRole('tab', { name: words.crowd.title, exact: true });
    this.#words = words.crowd;
  }

  get sendButton(): Locator {
    return this.region.getByRole('button', { name: this.#words.send, exact: true });
  }

  get stop(): Locator {
    return this.region.getByRole('button', { name: this.#words.stop, exact: true });
  }

  /** What was measured, a row each, beside what was expected. */
  get measures(): Locator {
    return this.region.getByRole('table', { name: this.#words.measures }).locator('tbody').getByRole('row');
  }

  measure(quantity: keyof Words['crowd']['quantities']): Locator {
    const name = this.region.page().getByRole('rowheader', { name: this.#words.quantities[quantity], exact: true });
    return this.measures.filter({ has: name });
  }

  compared(name: string): Locator {
    const row = this.region.page().getByRole('rowheader', { name, exact: true });
    return this.region.getByRole('table', { name: this.#words.compared }).getByRole('row').filter({ has: row });
  }

  async show(): Promise<void> {
    await this.tab.click();
  }

  /** Sends one; `pace` is in requests a second, 0 as fast as it goes. */
  async send(visitors: number, requests: number, pace: number): Promise<void> {
    await this.show();
    await this.region.getByLabel(this.#words.visitors, { exact: true }).fill(`${visitors}`);
    await this.region.getByLabel(this.#words.requests, { exact: true }).fill(`${requests}`);
    await this.region.getByLabel(this.#words.pace, { exact: true }).selectOption(`${pace}`);
    await this.sendButton.click();
  }
}
