import type { Locator } from '@playwright/test';
import { fold, unfold } from './sheet.ts';

/** What is needed less often, behind its present value: a `<details>` that lies over the page while it is open. */
export class Menu {
  readonly box: Locator;

  constructor(box: Locator) {
    this.box = box;
  }

  get summary(): Locator {
    return this.box.locator('summary').first();
  }

  isOpen(): Promise<boolean> {
    return this.box.evaluate((box) => box.hasAttribute('open'));
  }

  async open(): Promise<void> {
    await unfold(this.summary);
    if (!(await this.isOpen())) await this.summary.click();
  }

  async close(): Promise<void> {
    if (await this.isOpen()) await this.summary.click();
    await fold(this.summary);
  }

  /** Opens it, lets something be done in it, and closes it: what lies below can be clicked again. */
  async within(act: () => Promise<unknown>): Promise<void> {
    await this.open();
    await act();
    await this.close();
  }
}
