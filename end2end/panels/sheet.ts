import type { Locator } from '@playwright/test';

const sheet = (inside: Locator) => inside.locator('xpath=ancestor::*[@popover]');

/** Opens the sheet in which a narrow window has this. A wide one shows it as it is. */
export async function unfold(inside: Locator): Promise<void> {
  if (await inside.isVisible()) return;
  const id = await sheet(inside).getAttribute('id');
  await inside.page().locator(`[popovertarget="${id}"]`).first().click();
}

/** Closes it again, if it is one: what lies below can be clicked. */
export async function fold(inside: Locator): Promise<void> {
  const close = sheet(inside).locator('[popovertargetaction="hide"]').last();
  if (await close.isVisible()) await close.click();
}
