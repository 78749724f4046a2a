import { expect, type Locator, type Page } from '@playwright/test';
import type { Words } from '../words.ts';

/** What is measured at this moment, at the foot of the window. */
export class Strip {
  readonly region: Locator;
  /** Ends it. */
  readonly button: Locator;

  constructor(page: Page, words: Words) {
    this.region = page.getByRole('complementary', { name: words.strip.title, exact: true });
    this.button = this.region.getByRole('button');
  }

  /** Begins a run with a button and waits for its end. */
  async run(button: Locator, timeout = 60_000): Promise<void> {
    await button.click();
    await expect(this.region).toBeVisible();
    await expect(this.region).toBeHidden({ timeout });
  }

  async stop(): Promise<void> {
    await this.button.click();
    await expect(this.region).toBeHidden({ timeout: 60_000 });
  }
}
