import type { Locator, Page } from '@playwright/test';
import type { Scheme } from '../api.ts';
import type { Words } from '../words.ts';
import { fold, unfold } from './sheet.ts';

/** The switch: two questions, four answers. */
export class Switch {
  readonly group: Locator;
  readonly #words: Words;

  constructor(page: Page, words: Words) {
    this.group = page.getByRole('group', { name: words.switch });
    this.#words = words;
  }

  radio(scheme: Scheme): Locator {
    return this.group.getByRole('radio', { name: this.#words.schemes[scheme], exact: true });
  }

  async choose(scheme: Scheme): Promise<void> {
    await unfold(this.radio(scheme));
    await this.radio(scheme).check();
    await fold(this.radio(scheme));
  }
}
