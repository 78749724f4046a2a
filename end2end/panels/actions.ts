import type { Locator, Page } from '@playwright/test';
import type { Words } from '../words.ts';
import { Menu } from './menu.ts';
import { Sheet } from './sheet.ts';

type InTheRow = 'logIn' | 'whoAmI' | 'addToCart' | 'logOut' | 'restart' | 'tenMinutes';
type InMore =
  | 'logOutEverywhere'
  | 'newTab'
  | 'admin'
  | 'emptyCart'
  | 'catalog'
  | 'eightHours'
  | 'rotate'
  | 'retire'
  | 'takeRows'
  | 'takeKey'
  | 'reset';
type OfOthers = { site: 'otherSitePosts' | 'otherSiteLinks' | 'otherSiteFetches' | 'otherSiteFrames'; script: 'scriptReads' | 'scriptActs' };

/** What a visitor can do. */
export class Actions {
  readonly region: Locator;
  /** What is done less often. */
  readonly more: Menu;
  readonly otherSite: Menu;
  readonly script: Menu;
  readonly defences: Menu;
  readonly #words: Words['actions'];

  constructor(page: Page, words: Words) {
    this.region = page.getByRole('region', { name: words.actions.label });
    this.#words = words.actions;
    const [whatIf, servers] = [new Sheet(page, 'what-if'), new Sheet(page, 'how-many')];
    const holding = (within: Locator, inside: Locator, sheet: Sheet) => new Menu(within.locator('details').filter({ has: inside }), sheet);
    this.more = holding(this.region, page.getByLabel(words.actions.more, { exact: true }), whatIf);
    this.otherSite = holding(this.region, page.locator('summary', { hasText: words.actions.otherSite }), whatIf);
    this.script = holding(this.region, page.locator('summary', { hasText: words.actions.script }), whatIf);
    const region = page.getByRole('region', { name: words.servers.title, exact: true });
    this.defences = holding(region, page.getByLabel(words.actions.denylist, { exact: true }), servers);
  }

  get user(): Locator {
    return this.region.getByRole('combobox', { name: this.#words.user, exact: true });
  }

  /** Behind *More*. */
  get password(): Locator {
    return this.region.getByRole('textbox', { name: this.#words.password, exact: true });
  }

  /** Behind *More*: of the next signing key. */
  get alg(): Locator {
    return this.region.getByRole('combobox', { name: this.#words.alg, exact: true });
  }

  button(name: InTheRow | InMore | OfOthers['site'] | OfOthers['script']): Locator {
    return this.region.getByRole('button', { name: this.#words[name], exact: true });
  }

  async logIn(user = 'alice'): Promise<void> {
    await this.user.selectOption(user);
    await this.button('logIn').click();
  }

  async logInWith(password: string): Promise<void> {
    await this.more.within(() => this.password.fill(password));
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
    await this.fromMore('logOutEverywhere');
  }

  async restart(): Promise<void> {
    await this.button('restart').click();
  }

  async tenMinutesOn(): Promise<void> {
    await this.button('tenMinutes').click();
  }

  async visitAdmin(): Promise<void> {
    await this.fromMore('admin');
  }

  async fromMore(name: InMore): Promise<void> {
    await this.more.within(() => this.button(name).click());
  }

  async newKey(name: 'rotate' | 'retire', alg: string): Promise<void> {
    await this.more.within(async () => {
      await this.alg.selectOption(alg);
      await this.button(name).click();
    });
  }

  async letAnotherSite(does: OfOthers['site']): Promise<void> {
    await this.otherSite.within(() => this.button(does).click());
  }

  async letAScript(does: OfOthers['script']): Promise<void> {
    await this.script.within(() => this.button(does).click());
  }

  async setDenylist(on: boolean): Promise<void> {
    const box = this.defences.box.getByRole('checkbox', { name: this.#words.denylist, exact: true });
    await this.defences.within(() => box.setChecked(on));
  }
}
