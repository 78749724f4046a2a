// The notes: each idea says where on the page one sees it, and that place is there.

import { expect, test } from '../fixtures.ts';

test('each idea leads to a place on the page', async ({ lab, page }) => {
  const ideas = await lab.notes.all.count();
  expect(ideas).toBeGreaterThanOrEqual(11);
  await expect(lab.notes.links).toHaveCount(ideas);
  for (const link of await lab.notes.links.all()) {
    const place = (await link.getAttribute('href')) ?? '';
    await expect(page.locator(place), place).toBeVisible();
  }
});
