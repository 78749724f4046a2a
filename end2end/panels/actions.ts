import type { Locator, Page } from '@playwright/test';
import type { Words } from '../words.ts';

/** What a visitor can do. */
export class Actions {
  readonly region: Locator;
  readonly #words: Words['actions'];

  constructor(page: Page, words: Words) {
    this.region = page.getByRole('region', { name: words.actions.label });
    this.#words = words.actions;
  }

  get user(): Locator {
    return this.region.getByRole('combobox', { name: this.#words.user, exact: true });
  }

  get password(): Locator {
    return this.region.getByRole('textbox', { name: this.#words.password, exact: true });
  }

  get more(): Locator {
    return this.region.getByText(this.#words.more, { exact: true });
  }

  button(name: Exclude<keyof Words['actions'], 'label' | 'user' | 'password' | 'more' | 'denylist'>): Locator {
    return this.region.getByRole('button', { name: this.#words[name], exact: true });
  }

  async logIn(user = 'alice'): Promise<void> {
    await this.user.selectOption(user);
    await this.button('logIn').click();
  }

  async whoAmI(): Promise<void> {
    await this.button('whoAmI').click();
  }

  async addToCart(): Promise<void> {
    await this.button('addToCart').click();
  }

  async logOut(): Promise<void> {
    await this.button('logOut').click();
  }

  async logOutEverywhere(): Promise<void> {
    await this.button('logOutEverywhere').click();
  }

  async restart(): Promise<void> {
    await this.button('restart').click();
  }

  async tenMinutesOn(): Promise<void> {
    await this.button('tenMinutes').click();
  }

  async visitAdmin(): Promise<void> {
    await this.more.click();
    await this.button('admin').click();
    await this.more.click();
  }

  async setDenylist(on: boolean): Promise<void> {
    await this.more.click();
    await this.region.getByRole('checkbox', { name: this.#words.denylist, exact: true }).setChecked(on);
    await this.more.click();
  }
}
