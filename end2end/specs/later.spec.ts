// What is not in the page's first file: each part comes when it is asked for, and says so when it cannot.

import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import type { Lab } from '../lab.ts';
import type { Words } from '../words.ts';

/** The names of the files of the page's code that were fetched; what several of them share is called `chunk_…`. */
function fetched(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const names = performance.getEntriesByType('resource').map(({ name }) => name.split('/').pop() ?? '');
    return names.filter((name) => name.endsWith('.wasm')).map((name) => name.split('.')[0] ?? '');
  });
}

interface Part {
  file: string;
  ask: (lab: Lab, words: Words) => Promise<unknown>;
  shows: (lab: Lab, words: Words) => Promise<unknown>;
}

const parts: Record<string, Part> = {
  results: { file: 'split_rooms', ask: (lab) => lab.results.enter(), shows: (lab) => expect(lab.results.runAll).toBeVisible() },
  slides: { file: 'split_rooms', ask: (lab, words) => lab.page.getByRole('banner').getByRole('button', { name: words.slides.title, exact: true }).click(), shows: (lab) => expect(lab.slides.region).toBeVisible() },
  crowd: { file: 'split_more', ask: (lab) => lab.crowd.show(), shows: (lab) => expect(lab.crowd.sendButton).toBeVisible() },
  tampering: { file: 'split_more', ask: (lab) => lab.tamper.open(), shows: (lab) => expect(lab.tamper.field).toBeVisible() },
  'cookie options': { file: 'split_more', ask: (lab) => lab.cookieOptions.open(), shows: (lab) => expect(lab.cookieOptions.region).toBeVisible() },
  'the screws of the servers': { file: 'split_more', ask: (lab) => lab.servers.menu.open(), shows: (lab, words) => expect(lab.servers.region.getByLabel(words.servers.store, { exact: true })).toBeVisible() },
  measuring: {
    file: 'split_measure',
    ask: async (lab) => {
      await lab.guide.open('http-only');
      await lab.guide.measureButton('http-only').click();
    },
    shows: (lab) => expect(lab.guide.tick('http-only')).toBeVisible({ timeout: 20_000 }),
  },
};

for (const [name, { file, ask, shows }] of Object.entries(parts)) {
  test(`${name}: comes when it is asked for, and not before`, async ({ lab, words, page, complaints }) => {
    complaints.tolerateExperiments();
    expect(await fetched(page)).toEqual(['login-lab']);
    await ask(lab, words);
    await shows(lab, words);
    expect(await fetched(page)).toContain(file);
  });

  test(`${name}: that it did not come is said, and the rest works`, async ({ lab, words, page, complaints }) => {
    complaints.tolerateExperiments();
    complaints.tolerate(/net::ERR_FAILED|Failed to fetch/);
    await page.route(`**/${file}.*.wasm`, (route) => route.abort());
    await ask(lab, words);
    await expect(page.getByText(words.notFetched).filter({ visible: true }).first()).toBeVisible();
    // Not where its address leads: to what did not come.
    await lab.open(`/lab/${lab.id}`);
    await lab.logIn();
    await expect(lab.status).toHaveText(words.said.loggedIn('alice', 'session-cookie'));
  });
}

test('what the buttons do comes with the first move of the visitor', async ({ lab: { page } }) => {
  expect(await fetched(page)).not.toContain('split_act');
  await page.mouse.move(200, 200);
  await expect.poll(() => fetched(page)).toContain('split_act');
});

test('what the buttons do: that it did not come is said, and the next press tries again', async ({ lab, words, page, complaints }) => {
  complaints.tolerate(/net::ERR_FAILED|Failed to fetch/);
  await page.route('**/split_act.*.wasm', (route) => route.abort());
  await lab.actions.whoAmI();
  await expect(lab.status).toHaveText(words.notFetched);
  await page.unroute('**/split_act.*.wasm');
  await lab.logIn();
  await expect(lab.status).toHaveText(words.said.loggedIn('alice', 'session-cookie'));
});

test('what the claims say comes with the first move of the visitor', async ({ lab, page }) => {
  await expect(lab.guide.claim('http-only')).toBeVisible();
  await expect(lab.guide.told('http-only')).toHaveCount(0);
  await page.mouse.move(200, 200);
  await expect(lab.guide.told('http-only')).toHaveCount(1);
  await expect(page.locator('.told')).toHaveCount(await page.locator('details.claim').count());
});

test('what the claims say comes with the page where its address names one', async ({ lab, page }) => {
  await lab.open(`/lab/${lab.id}?claim=http-only`);
  await expect(lab.guide.told('http-only')).toBeVisible();
  expect(await page.evaluate(() => performance.getEntriesByType('resource').filter(({ name }) => name.includes('/guide/')).length)).toBe(0);
});

test('what the claims say: that it did not come is said, and who opens a claim again asks again', async ({ lab, words, page, complaints }) => {
  complaints.tolerate(/net::ERR_FAILED|Failed to fetch/);
  await page.route('**/guide/*', (route) => route.abort());
  const summary = lab.guide.claim('http-only').locator('summary').first();
  await summary.click();
  await expect(lab.status).toHaveText(words.notFetched);
  await page.unroute('**/guide/*');
  await summary.click();
  await summary.click();
  await expect(lab.guide.told('http-only')).toBeVisible();
});

test('what the claims say is searched, also where it comes after the search', async ({ lab, page }) => {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route('**/guide/*', async (route) => {
    await held;
    await route.continue();
  });
  // It stands in what is told, and in no claim.
  await lab.guide.search.fill('document.cookie');
  await expect(lab.guide.claims).toHaveCount(0);
  letGo();
  await expect(lab.guide.claims).not.toHaveCount(0);
});

test('a slide whose words do not come leads back to the desk', async ({ lab, words, page, complaints }) => {
  complaints.tolerate(/net::ERR_FAILED|Failed to fetch/);
  await page.route('**/guide/*', (route) => route.abort());
  await page.getByRole('banner').getByRole('button', { name: words.slides.title, exact: true }).click();
  await expect(lab.status).toHaveText(words.notFetched);
  await expect(page.getByRole('banner')).toBeVisible();
  await expect(lab.guide.region).toBeVisible();
});

test('what is chosen before the page answers is taken along', async ({ lab, words, page }) => {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route('**/login-lab.*.wasm', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`/lab/${lab.id}`, { waitUntil: 'commit' });
  await lab.switch.radio('token-storage').check();
  await lab.actions.user.selectOption('bob');
  letGo();
  await lab.hydrated();
  await expect(lab.switch.radio('token-storage')).toBeChecked();
  await lab.actions.button('logIn').click();
  await expect(lab.status).toHaveText(words.said.loggedIn('bob', 'token-storage'));
});

test('what a copy is worth after a logout is a press away', async ({ lab, words, complaints }) => {
  complaints.tolerate(/status of 401/);
  await expect(lab.sendCopy).toBeHidden();
  for (const { scheme, works } of [
    { scheme: 'token-storage', works: true },
    { scheme: 'session-cookie', works: false },
  ] as const) {
    await lab.logIn(scheme);
    await expect(lab.sendCopy).toBeHidden();
    await lab.actions.logOut();
    await lab.sendCopy.click();
    await expect(lab.status).toContainText(works ? words.said.accepted : '401');
  }
});

test('the first load is light', async ({ lab: { page } }) => {
  const sent = await page.evaluate(() => {
    const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')] as PerformanceResourceTiming[];
    return entries.map(({ name, transferSize }) => ({ name: name.split('/').pop() ?? '', transferSize })).filter(({ transferSize }) => transferSize > 0);
  });
  const whole = sent.reduce((sum, { transferSize }) => sum + transferSize, 0);
  expect(whole, JSON.stringify(sent)).toBeGreaterThan(100_000);
  expect(whole, JSON.stringify(sent)).toBeLessThan(220_000);
});
