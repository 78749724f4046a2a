import type { Locator, Page } from '@playwright/test';
import type { Words } from '../words.ts';

/** How the cookie will be set, and what the browser will do with such a cookie. */
export class CookieOptions {
  readonly region: Locator;
  readonly #words: Words['options'];

  constructor(page: Page, words: Words) {
    this.region = page.getByRole('region', { name: words.options.label });
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

  /** A line of what the browser will do, said beforehand. */
  ruling(what: string): Locator {
    return this.region.getByRole('listitem').filter({ hasText: what });
  }
}
