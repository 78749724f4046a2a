// One screen: on a desk the page does not scroll, and what happens is seen above the fold. From the narrowest phone
// to a projector nothing sticks out sideways.

import { expect, test } from '../fixtures.ts';
import type { Lab } from '../lab.ts';
import { scrollsDown, sticksOut } from '../layout.ts';
import type { Words } from '../words.ts';

/** Rows, a token, exchanges, an open one: so much that the places have to scroll. */
async function fill(lab: Lab, words: Words): Promise<void> {
  await lab.truth.logIn('bob');
  await lab.logIn('token-cookie');
  await lab.actions.addToCart();
  await expect(lab.status).toHaveText(words.said.cart(1));
  await lab.browser.openToken();
  await lab.wire.open(lab.wire.of('api/login'));
}

for (const [width, height] of [
  [1280, 720],
  [1440, 900],
  [2560, 1440],
] as const) {
  test(`at ${width}x${height} all of it is one screen`, async ({ lab, words, page }) => {
    await page.setViewportSize({ width, height });
    const isOneScreen = async (when: string) => {
      expect(await page.evaluate(scrollsDown), `${when}, the page scrolls`).toBe(0);
      for (const place of [lab.browser, lab.wire, lab.server]) {
        const box = await place.region.boundingBox();
        expect(box?.y, `${when}, a place begins`).toBeLessThan(0.42 * height);
        expect((box?.y ?? 0) + (box?.height ?? 0), `${when}, a place ends`).toBeLessThanOrEqual(height);
        expect(box?.height, `${when}, a place is high`).toBeGreaterThan(0.4 * height);
      }
      await expect(lab.status).toBeInViewport({ ratio: 1 });
      await expect(lab.guide.region).toBeInViewport({ ratio: 1 });
    };
    await isOneScreen('empty');
    await fill(lab, words);
    await isOneScreen('logged in');
    await lab.servers.adopt('clustering');
    await expect(lab.servers.preset('clustering')).toHaveAttribute('aria-pressed', 'true');
    await lab.logIn('session-cookie');
    await isOneScreen('with several servers');
    await lab.crowd.show();
    await isOneScreen('with the crowd');
    await lab.guide.open('which-one');
    await isOneScreen('with a claim open');
  });
}

test('what lies beside the desk is a scroll of its place away', async ({ lab, words, page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  await fill(lab, words);
  for (const last of [lab.browser.renderedFor, lab.server.roleOf('carol'), lab.wire.of('api/login')]) {
    await last.scrollIntoViewIfNeeded();
    await expect(last).toBeInViewport();
    expect(await page.evaluate(() => window.scrollY)).toBe(0);
  }
});

test('a menu opens over the page, within the window, and what is beside it closes it', async ({ lab, page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  const menus = Object.values(lab.menus);
  for (const menu of menus) {
    // By key, for the one before may lie over it.
    await menu.summary.press('Enter');
    await expect(menu.box).toHaveAttribute('open');
    for (const other of menus) expect(await other.isOpen()).toBe(other === menu);
    const panel = await menu.box.locator('.panel').boundingBox();
    expect(panel?.x).toBeGreaterThanOrEqual(0);
    expect((panel?.x ?? 0) + (panel?.width ?? 0)).toBeLessThanOrEqual(1280);
    expect((panel?.y ?? 0) + (panel?.height ?? 0)).toBeLessThanOrEqual(720);
    expect(await page.evaluate(scrollsDown)).toBe(0);
  }
  await page.getByRole('heading', { level: 1 }).click();
  await expect(lab.actions.more.box).not.toHaveAttribute('open');
  await lab.actions.more.open();
  await page.keyboard.press('Escape');
  await expect(lab.actions.more.box).not.toHaveAttribute('open');
});

test('the defences leave the login in sight, and a refusal moves nothing', async ({ lab, words, page, complaints }) => {
  complaints.foreseeRefusal(401, 'api/me');
  await page.setViewportSize({ width: 1280, height: 720 });
  await lab.menus.defences.open();
  const panel = await lab.menus.defences.box.locator('.panel').boundingBox();
  const logIn = await lab.actions.button('logIn').boundingBox();
  expect(panel?.x).toBeGreaterThan((logIn?.x ?? 0) + (logIn?.width ?? 0));
  await lab.menus.defences.close();
  await lab.logIn('session-cookie');
  const before = await lab.wire.region.boundingBox();
  await lab.actions.restart();
  await expect(lab.status).toContainText(words.said.restarted);
  await lab.actions.whoAmI();
  await expect(lab.step).toContainText(words.flow.refused);
  expect((await lab.wire.region.boundingBox())?.y).toBe(before?.y);
  // The longest words: another server knows the session, this one does not.
  await lab.servers.adopt('problem');
  await lab.logIn('session-cookie');
  await lab.actions.whoAmI();
  await expect(lab.status).toContainText('401');
  for (const step of await lab.page.locator('#flow').getByRole('listitem').all()) {
    expect(await step.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth), 'every step is read whole').toBeLessThanOrEqual(0);
  }
  expect((await lab.wire.region.boundingBox())?.y).toBe(before?.y);
});

test('the guide can be closed, and the desk takes its room', async ({ lab, words, page }) => {
  const before = await lab.wire.region.boundingBox();
  const button = page.getByRole('banner').getByRole('button', { name: words.guide.title, exact: true });
  await button.click();
  await expect(lab.guide.region).toBeHidden();
  await expect(button).toHaveAttribute('aria-pressed', 'false');
  expect((await lab.wire.region.boundingBox())?.width).toBeGreaterThan(before?.width ?? 0);
  await button.click();
  await expect(lab.guide.region).toBeVisible();
});

test('nothing sticks out from 360 to 2560 pixels', async ({ lab, words, page }) => {
  await fill(lab, words);
  for (const width of [360, 390, 480, 600, 768, 960, 1024, 1280, 1440, 1920, 2560]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await page.evaluate(sticksOut), `at ${width} px`).toEqual([]);
  }
});

// 1280 by 720 pixels, magnified twice and four times.
for (const [width, height] of [
  [640, 360],
  [320, 180],
] as const) {
  test(`magnified to ${width}x${height}, all of it is reached by scrolling down alone`, async ({ lab, words, page }) => {
    await page.setViewportSize({ width, height });
    await lab.actions.button('logIn').click();
    await expect(lab.status).toHaveText(words.said.loggedIn('alice', 'session-cookie'));
    expect(await page.evaluate(sticksOut)).toEqual([]);
    for (const part of [lab.status, lab.cell('server'), lab.wire.of('api/login'), lab.guide.region.getByRole('searchbox')]) {
      await part.scrollIntoViewIfNeeded();
      await expect(part).toBeInViewport();
    }
    // Nothing stays where it is and covers what is scrolled to.
    const stuck = await page.evaluate(() =>
      [...document.body.querySelectorAll('*')]
        .filter((one) => one.checkVisibility() && one.clientHeight > 0 && ['fixed', 'sticky'].includes(getComputedStyle(one).position))
        .map((one) => `${one.tagName}.${one.className}`),
    );
    expect(stuck).toEqual([]);
  });
}

test('no menu sticks out of a narrow window', async ({ lab, page }) => {
  test.slow();
  for (const width of [360, 390, 480, 768]) {
    await page.setViewportSize({ width, height: 900 });
    for (const [name, menu] of Object.entries(lab.menus)) {
      await menu.open();
      expect.soft(await page.evaluate(sticksOut), `at ${width} px, the menu ${name}`).toEqual([]);
      await menu.close();
    }
  }
});
