import { expect, type Locator, type Page } from '@playwright/test';
import type { Words } from '../words.ts';

/** The experiments' cards, and the strip that says what runs. */
export class Experiments {
  readonly region: Locator;
  readonly strip: Locator;
  readonly #page: Page;
  readonly #words: Words['experiments'];

  constructor(page: Page, words: Words) {
    this.region = page.getByRole('region', { name: words.experiments.title, exact: true });
    this.strip = page.getByRole('complementary', { name: words.experiments.running, exact: true });
    this.#page = page;
    this.#words = words.experiments;
  }

  /** By its name in addresses. */
  card(experiment: string): Locator {
    return this.#page.locator(`#experiment-${experiment}`);
  }

  runButton(experiment: string): Locator {
    const name = new RegExp(`^(${this.#words.run}|${this.#words.runAgain}): `);
    return this.card(experiment).getByRole('button', { name });
  }

  /** Runs one to its end; false where it does not apply. */
  async run(experiment: string, timeout = 60_000): Promise<boolean> {
    const button = this.runButton(experiment);
    if ((await button.count()) === 0) return false;
    await button.click();
    await expect(this.strip).toBeHidden({ timeout });
    return true;
  }

  async stop(): Promise<void> {
    await this.strip.getByRole('button').click();
    await expect(this.strip).toBeHidden({ timeout: 60_000 });
  }
}
