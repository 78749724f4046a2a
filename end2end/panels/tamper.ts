import type { Locator, Page } from '@playwright/test';
import type { Words } from '../words.ts';

/** The field in which a credential can be changed before it is sent. */
export class Tamper {
  readonly region: Locator;
  readonly #words: Words['tamper'];

  constructor(page: Page, words: Words) {
    this.region = page.getByRole('region', { name: words.tamper.title });
    this.#words = words.tamper;
  }

  get field(): Locator {
    return this.region.getByRole('textbox', { name: this.#words.field });
  }

  button(name: string): Locator {
    return this.region.getByRole('button', { name, exact: true });
  }

  async take(): Promise<void> {
    await this.#press(this.#words.take);
  }

  async changeOneCharacter(): Promise<void> {
    await this.#press(this.#words.flip);
  }

  async claimAdmin(): Promise<void> {
    await this.#press(this.#words.admin);
  }

  async claimNoAlgorithm(): Promise<void> {
    await this.#press(this.#words.none);
  }

  async send(): Promise<void> {
    await this.#press(this.#words.send);
  }

  async #press(name: string): Promise<void> {
    await this.button(name).click();
  }
}
