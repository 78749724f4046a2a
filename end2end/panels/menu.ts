import type { Locator } from '@playwright/test';
import type { Sheet } from './sheet.ts';

/** What is needed less often, behind its present value: a `<details>` that lies over the page while it is open. */
export class Menu {
  readonly box: Locator;
  /** In which a narrow window has it. */
  readonly sheet: Sheet | undefined;

  constructor(box: Locator, sheet?: Sheet) {
    this.box = box;
    this.sheet = sheet;
  }

  get summary(): Locator {
    return this.box.locator('summary').first();
  }

  isOpen(): Promise<boolean> {
    return this.box.evaluate((box) => box.hasAttribute('open'));
  }

  async open(): Promise<void> {
    await this.sheet?.open();
    if (!(await this.isOpen())) await this.summary.click();
  }

  async close(): Promise<void> {
    // What was pressed in a sheet may have closed it.
    if ((await this.summary.isVisible()) && (await this.isOpen())) await this.summary.click();
    await this.sheet?.close();
  }

  /** Opens it, lets something be done in it, and closes it: what lies below can be clicked again. */
  async within(act: () => Promise<unknown>): Promise<void> {
    await this.open();
    await act();
    await this.close();
  }
}
