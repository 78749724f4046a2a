// The record: newest first, all of each exchange on demand, no password ever, and fit to be repeated.

import { expect, test } from '../fixtures.ts';

test('the newest exchange stands first and opens to all headers and the body', async ({ lab, words }) => {
  await lab.logIn();
  await lab.actions.whoAmI();
  await expect(lab.status).toHaveText(words.said.me('alice', 'session-cookie'));
  await expect(lab.wire.newest).toContainText('/api/me');

  const exchange = lab.wire.of('api/login');
  await lab.wire.open(exchange);
  const { request, response } = await lab.truth.last('api/login');
  for (const [name, value] of [...request.headers, ...response.headers]) {
    await expect(exchange.locator('details')).toContainText(name);
    await expect(exchange.locator('details')).toContainText(value);
  }
  await expect(lab.wire.stepsOf(exchange).getByRole('listitem')).not.toHaveCount(0);
});

test('a password never reaches the record', async ({ lab }) => {
  await lab.logIn();
  await lab.wire.open(lab.wire.of('api/login'));
  await expect(lab.wire.region).not.toContainText('alice-password');
  expect(JSON.stringify(await lab.truth.last('api/login'))).not.toContain('alice-password');
});

test('an exchange can be copied as curl', async ({ lab, words, context, page }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await lab.logIn('token-storage');
  await lab.actions.whoAmI();
  await expect(lab.status).toHaveText(words.said.me('alice', 'token-storage'));
  const exchange = lab.wire.of('api/me');
  await lab.wire.open(exchange);
  await lab.wire.copyAsCurl(exchange);
  await expect(lab.status).toHaveText(words.said.copied);
  const command = await page.evaluate(() => navigator.clipboard.readText());
  const { stored } = await lab.script();
  expect(command).toMatch(/^curl /);
  expect(command).toContain(`${new URL(page.url()).origin}/lab/${lab.id}/api/me`);
  expect(command).toContain(`Bearer ${stored}`);
});
