import type { Locator, Page } from '@playwright/test';
import type { Words } from '../words.ts';
import { Menu } from './menu.ts';

/** The field in which a credential can be changed before it is sent: folded, in the first place. */
export class Tamper extends Menu {
  readonly #words: Words['tamper'];

  constructor(page: Page, words: Words) {
    const place = page.getByRole('region', { name: words.browser.title, exact: true });
    super(place.locator('details').filter({ has: page.locator('summary', { hasText: words.tamper.title }) }));
    this.#words = words.tamper;
  }

  get field(): Locator {
    return this.box.getByRole('textbox', { name: this.#words.field });
  }

  button(name: string): Locator {
    return this.box.getByRole('button', { name, exact: true });
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
    await this.open();
    await this.button(name).click();
  }
}
