import type { Locator, Page } from '@playwright/test';
import type { Words } from '../words.ts';
import { Place } from './place.ts';

/** The second place: every exchange, newest first. */
export class WirePlace extends Place {
  readonly #words: Words['wire'];

  constructor(page: Page, words: Words) {
    super(page, words.wire.title);
    this.#words = words.wire;
  }

  get all(): Locator {
    return this.region.locator('.exchange');
  }

  get newest(): Locator {
    return this.all.first();
  }

  /** The newest exchange with a route such as `api/login`. */
  of(route: string): Locator {
    const path = this.region.page().getByText(`/${route}`, { exact: true });
    return this.all.filter({ has: path }).first();
  }

  stepsOf(exchange: Locator): Locator {
    return exchange.getByRole('list', { name: this.#words.steps });
  }

  async open(exchange: Locator): Promise<void> {
    await exchange.getByText(this.#words.open, { exact: true }).click();
  }

  async copyAsCurl(exchange: Locator): Promise<void> {
    await exchange.getByRole('button', { name: this.#words.curl }).click();
  }
}
