import type { Locator, Page } from '@playwright/test';
import type { Scheme } from '../api.ts';
import type { Words } from '../words.ts';
import { Sheet } from './sheet.ts';

/** The switch: two questions, four answers. */
export class Switch {
  readonly group: Locator;
  readonly sheet: Sheet;
  readonly #words: Words;

  constructor(page: Page, words: Words) {
    this.group = page.getByRole('group', { name: words.switch });
    this.sheet = new Sheet(page, 'where');
    this.#words = words;
  }

  radio(scheme: Scheme): Locator {
    return this.group.getByRole('radio', { name: this.#words.schemes[scheme], exact: true });
  }

  async choose(scheme: Scheme): Promise<void> {
    await this.sheet.open();
    await this.radio(scheme).check();
    await this.sheet.close();
  }
}
