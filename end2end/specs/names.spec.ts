// Every control has a name of its own: whoever hears the page, or tests it, can tell what it is by role and name alone.

import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';

const ROLES = ['button', 'tab', 'radio', 'checkbox', 'combobox', 'textbox', 'searchbox', 'spinbutton', 'link', 'region'] as const;

/** Names of a role that more than one element has, of those that can be reached at this moment, and nameless ones. */
async function doubles(page: Page): Promise<string[]> {
  const snapshot = await page.locator('body').ariaSnapshot();
  const count = new Map<string, number>();
  for (const line of snapshot.split('\n')) {
    const found = /^\s*- '?([a-z]+)(?: ("(?:[^"\\]|\\.)*"))?/.exec(line);
    const [, role = '', name = '(no name)'] = found ?? [];
    if (!ROLES.some((one) => one === role)) continue;
    const key = `${role} ${name}`;
    count.set(key, (count.get(key) ?? 0) + 1);
  }
  return [...count].filter(([key, n]) => n > 1 || key.endsWith('(no name)')).map(([key, n]) => `${n} × ${key}`);
}

test('no two controls of a role have one name', async ({ lab, words, page }) => {
  const found = new Map<string, string[]>();
  const look = async (when: string) => {
    for (const double of await doubles(page)) found.set(double, [...(found.get(double) ?? []), when]);
  };
  await look('at the beginning');

  await lab.logIn('token-storage');
  await lab.actions.addToCart();
  await expect(lab.status).toHaveText(words.said.cart(1));
  await lab.tamper.open();
  await look('logged in, with the tamper field');
  await lab.wire.open(lab.wire.of('api/login'));
  await lab.wire.open(lab.wire.of('api/cart'));
  await look('with two exchanges open');

  await lab.switch.choose('session-cookie');
  for (const [name, menu] of Object.entries(lab.menus)) await menu.within(() => look(`with the menu ${name}`));

  for (const strategy of ['clustering', 'separate'] as const) {
    await lab.servers.adopt(strategy);
    await expect(lab.servers.preset(strategy)).toHaveAttribute('aria-pressed', 'true');
    await lab.servers.menu.within(() => look(`with ${strategy}`));
  }
  await lab.crowd.show();
  await look('with the crowd');
  await lab.guide.open('http-only');
  await look('with a claim');
  expect(Object.fromEntries(found)).toEqual({});
});

test('what the attacker has can be told apart', async ({ lab, words, page }) => {
  for (const pieces of [1, 2]) {
    await lab.logIn('token-storage');
    await lab.actions.letAScript('scriptReads');
    await expect.poll(async () => (await lab.truth.view()).attacker.loot.length).toBe(pieces);
  }
  const attacker = page.getByRole('region', { name: words.attacker.title, exact: true });
  await expect(attacker.getByRole('button')).toHaveCount(3);
  expect(await doubles(page)).toEqual([]);
});

test('every claim of the guide has buttons of its own', async ({ lab, page }) => {
  await page.mouse.move(200, 200);
  await expect(lab.guide.told('http-only')).toHaveCount(1);
  const names = await page.locator('#claims').evaluate((claims) =>
    [...claims.querySelectorAll('button')].map((button) => button.getAttribute('aria-label') ?? button.textContent),
  );
  expect(names.length).toBeGreaterThan(87);
  expect(new Set(names).size).toBe(names.length);
  await expect(lab.guide.region).toBeVisible();
});

