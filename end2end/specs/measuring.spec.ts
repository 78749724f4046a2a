// Measuring: begun, watched, stopped, and everything as it was.

import { expect, test } from '../fixtures.ts';

test('stopped in the middle, everything is as it was', async ({ lab, words, complaints }) => {
  complaints.tolerateExperiments();
  await lab.logIn('session-storage', 'bob');
  await lab.actions.addToCart();
  await expect(lab.status).toHaveText(words.said.cart(1));
  await lab.truth.control('PUT', 'defences', { denylist: true });
  await lab.truth.control('PUT', 'topology', { nodes: 2, routing: 'sticky' });
  await lab.actions.logIn('bob');
  await expect(lab.status).toHaveText(words.said.loggedIn('bob', 'session-storage'));
  const before = await lab.truth.view();

  await lab.results.enter();
  await lab.results.runAll.click();
  await expect(lab.strip.region).toContainText(words.strip.someDone, { timeout: 30_000 });
  await lab.strip.stop();
  expect((await lab.results.measured()).length, 'what is measured stays').toBeGreaterThan(2);
  await lab.results.leave();
  await expect(lab.switch.radio('session-storage')).toBeChecked();
  const after = await lab.truth.view();
  for (const same of ['topology', 'users', 'defences', 'faults'] as const)
    expect(after[same], same).toEqual(before[same]);
  expect((await lab.truth.rows()).map(({ user, cart }) => ({ user, cart }))).toEqual([{ user: 'bob', cart: ['pen'] }]);
  await expect(lab.standing).toContainText('bob');
  expect((await lab.script()).cookie).toBe('');
});

test('a run that the server leaves without an answer ends, says so, and can be run again', async ({ lab, words, page, complaints }) => {
  complaints.tolerateExperiments();
  // What the page would wait for in seconds is made short, so that the test need not wait as long.
  await page.evaluate(() => {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    AbortSignal.timeout = (ms) => timeout(ms / 5);
  });
  await page.route(/\/control\/view$/, () => {});
  await lab.guide.measure('http-forgets');
  await expect(lab.status).toContainText(words.results.unreachable);
  await expect(lab.guide.tick('http-forgets')).toBeHidden();
  await page.unroute(/\/control\/view$/);
  await lab.guide.measure('http-forgets');
  await expect(lab.guide.tick('http-forgets')).toBeVisible();
});

test('with the keyboard alone a run is stopped, and the focus is back where it was', async ({ lab, page, complaints }) => {
  complaints.tolerateExperiments();
  await lab.guide.open('session-expiry');
  const button = lab.guide.measureButton('session-expiry');
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(lab.strip.button).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(lab.strip.region).toBeHidden({ timeout: 30_000 });
  await expect(button).toBeFocused();
});

test('while something is measured the desk takes no clicks', async ({ lab, words, complaints }) => {
  complaints.tolerateExperiments();
  await lab.results.enter();
  await lab.results.runAll.click();
  await expect(lab.strip.region).toBeVisible();
  await expect(lab.results.runAll).toHaveAttribute('aria-disabled', 'true');
  await lab.results.leave();
  await expect(lab.actions.region).toHaveAttribute('inert');
  await lab.strip.stop();
  await expect(lab.actions.region).not.toHaveAttribute('inert');
  await lab.actions.logIn();
  await expect(lab.status).toHaveText(words.said.loggedIn('alice', 'session-cookie'));
});

test('a run leaves no row and no cookie of its own', async ({ lab, page, complaints }) => {
  complaints.tolerateExperiments();
  await lab.logIn('session-cookie');
  await lab.truth.control('PUT', 'topology', { nodes: 3, routing: 'sticky' });
  await lab.guide.measure('sticky');
  await lab.truth.control('PUT', 'topology', { nodes: 1, routing: 'round-robin' });
  await lab.logIn('session-cookie');
  await lab.guide.measure('session-consistency');
  expect((await lab.truth.rows()).map(({ user }) => user)).toEqual(['alice']);
  expect((await page.context().cookies()).map(({ name }) => name)).toEqual([lab.cookieName('session-cookie')]);
});

for (const { claim, scheme } of [
  { claim: 'http-only', scheme: 'session-cookie' },
  { claim: 'xss-reads', scheme: 'token-storage' },
] as const) {
  test(`${claim}: what was chosen by hand does not change what is measured`, async ({ lab, complaints }) => {
    complaints.tolerateExperiments();
    await lab.switch.choose('token-cookie');
    await lab.cookieOptions.set('HttpOnly', false);
    await lab.actions.setDenylist(true);
    await lab.guide.measure(claim);
    const found = (await lab.results.measured()).filter((one) => one.scheme === scheme && one.question === 'script-reads');
    const usual = found.filter(({ setting }) => setting === '');
    expect(usual).toHaveLength(1);
    expect(usual.map(({ as_predicted }) => as_predicted)).toEqual([true]);
    await lab.results.leave();
    await expect(lab.switch.radio('token-cookie')).toBeChecked();
    await expect(lab.cookieOptions.summary).not.toContainText('HttpOnly');
  });
}
