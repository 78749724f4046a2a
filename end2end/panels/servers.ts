import type { Locator, Page } from '@playwright/test';
import type { Words } from '../words.ts';
import { Menu } from './menu.ts';
import { Sheet } from './sheet.ts';

export type Strategy = keyof Words['servers']['presets'];

/** How many servers there are, and how they share logins: the presets, and a menu with every screw. */
export class Servers {
  readonly region: Locator;
  readonly menu: Menu;
  readonly #words: Words['servers'];

  constructor(page: Page, words: Words) {
    this.region = page.getByRole('region', { name: words.servers.title, exact: true });
    const box = this.region.locator('details').filter({ has: page.getByLabel(words.servers.shared, { exact: true }) });
    this.menu = new Menu(box, new Sheet(page, 'how-many'));
    this.#words = words.servers;
  }

  preset(strategy: Strategy): Locator {
    return this.region.getByRole('button', { name: this.#words.presets[strategy], exact: true });
  }

  get sharedStore(): Locator {
    return this.region.getByLabel(this.#words.shared, { exact: true });
  }

  get loss(): Locator {
    return this.region.getByLabel(this.#words.loss, { exact: true });
  }

  async adopt(strategy: Strategy): Promise<void> {
    await this.preset(strategy).click();
  }

  async keepIn(store: 'redis' | 'memcached' | 'sqlite'): Promise<void> {
    await this.menu.within(() => this.sharedStore.selectOption(store));
  }

  async stopStore(): Promise<void> {
    await this.#press(this.#words.stopStore);
  }

  async startStore(): Promise<void> {
    await this.#press(this.#words.startStore);
  }

  /** Lets so many of a hundred messages get lost. */
  async lose(percent: number): Promise<void> {
    await this.menu.within(async () => {
      await this.loss.fill(`${percent}`);
      await this.loss.press('Tab');
    });
  }

  async #press(name: string): Promise<void> {
    await this.menu.within(() => this.region.getByRole('button', { name, exact: true }).click());
  }
}
