// From the narrowest phone to a projector nothing sticks out sideways.

import { expect, test } from '../fixtures.ts';
import { sticksOut } from '../layout.ts';

test('nothing sticks out from 360 to 2560 pixels', async ({ lab, words, page }) => {
  await lab.truth.logIn('bob');
  await lab.logIn('token-cookie');
  await lab.actions.addToCart();
  await expect(lab.status).toHaveText(words.said.cart(1));
  await lab.browser.openToken();
  await lab.wire.open(lab.wire.of('api/login'));
  await lab.actions.more.click();
  for (const width of [360, 390, 480, 600, 768, 960, 1024, 1280, 1440, 1920, 2560]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await page.evaluate(sticksOut), `at ${width} px`).toEqual([]);
  }
});
