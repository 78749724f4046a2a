import type { Locator, Page } from '@playwright/test';
import type { Words } from '../words.ts';
import { Place } from './place.ts';

/** The third place: what the server stores. */
export class ServerPlace extends Place {
  readonly #words: Words['server'];

  constructor(page: Page, words: Words) {
    super(page, words.server.title);
    this.#words = words.server;
  }

  get sessions(): Locator {
    return this.part(this.#words.sessions);
  }

  /** The rows of the session table, its head not among them. */
  get rows(): Locator {
    return this.sessions.locator('tbody').getByRole('row');
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
