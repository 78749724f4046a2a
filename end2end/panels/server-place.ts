import type { Locator, Page } from '@playwright/test';
import type { Words } from '../words.ts';
import { Place } from './place.ts';

/** The third place: what the server stores. */
export class ServerPlace extends Place {
  readonly #words: Words['server'];
  readonly #fleet: Words['fleet'];

  constructor(page: Page, words: Words) {
    super(page, words.server.title);
    this.#words = words.server;
    this.#fleet = words.fleet;
  }

  /** Shows what is stored now, in place of the crowd. */
  async show(): Promise<void> {
    await this.region.getByRole('tab', { name: this.#words.now, exact: true }).click();
  }

  get sessions(): Locator {
    return this.part(this.#words.sessions);
  }

  /** The rows of the session table, its head not among them. */
  get rows(): Locator {
    return this.sessions.locator('tbody').getByRole('row');
  }

  /** One of several servers, as a card. */
  node(number: number): Locator {
    const name = this.region.page().getByText(this.#fleet.node(number), { exact: true });
    return this.region.getByRole('listitem').filter({ has: name });
  }

  /** The store that all servers share. */
  get store(): Locator {
    const title = this.region.page().getByRole('heading', { name: this.#fleet.store, exact: true });
    return this.region.locator('.part').filter({ has: title });
  }

  async stop(node: number): Promise<void> {
    await this.region.getByRole('button', { name: this.#fleet.stopNode(node), exact: true }).click();
  }

  async start(node: number): Promise<void> {
    await this.region.getByRole('button', { name: this.#fleet.startNode(node), exact: true }).click();
  }

  get keys(): Locator {
    return this.part(this.#words.keys);
  }

  get denylist(): Locator {
    return this.part(this.#words.denylist);
  }

  roleOf(name: string): Locator {
    return this.region.getByRole('combobox', { name: this.#words.roleOf(name) });
  }

  async setRole(name: string, role: 'user' | 'admin'): Promise<void> {
    await this.roleOf(name).selectOption(role);
  }

  async disable(name: string): Promise<void> {
    await this.region.getByRole('checkbox', { name: this.#words.disabledOf(name) }).check();
  }
}
