import type { Locator, Page } from '@playwright/test';
import type { Words } from '../words.ts';
import { Menu } from './menu.ts';
import { Sheet } from './sheet.ts';

/** How the cookie will be set, and what the browser will do with such a cookie: a menu that says how it is now. */
export class CookieOptions extends Menu {
  /** There while the menu is open. */
  readonly region: Locator;
  readonly #words: Words['options'];

  constructor(page: Page, words: Words) {
    const name = words.options.label;
    // What is inside comes when it is opened first.
    super(page.locator('details.of-cookie'), new Sheet(page, 'how-many'));
    this.region = page.getByRole('region', { name, exact: true });
    this.#words = words.options;
  }

  toggle(name: 'HttpOnly' | 'Secure' | '__Host-'): Locator {
    return this.region.getByRole('checkbox', { name, exact: true });
  }

  get sameSite(): Locator {
    return this.region.getByRole('combobox', { name: 'SameSite' });
  }

  get lifetime(): Locator {
    return this.region.getByRole('combobox', { name: this.#words.lifetime });
  }

  async set(name: 'HttpOnly' | 'Secure' | '__Host-', on: boolean): Promise<void> {
    await this.within(() => this.toggle(name).setChecked(on));
  }

  /** A line of what the browser will do, said beforehand. */
  ruling(what: string): Locator {
    return this.region.getByRole('listitem').filter({ hasText: what });
  }
}
