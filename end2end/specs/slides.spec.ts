// Slides: one claim at a time, for a room full of people, by keys, by buttons and by address.

import { expect, test } from '../fixtures.ts';
import type { Lab } from '../lab.ts';
import { doesNotFitASlide, scrollsDown, sticksOut } from '../layout.ts';

test('a slide is told with the keyboard: prediction, measurement, reason, and the next one', async ({ lab, page, complaints }) => {
  complaints.tolerateExperiments();
  await lab.open(`/lab/${lab.id}?claim=http-only&slides=1`);
  const { heading, predicted, measured, reason } = lab.slides;
  await expect(heading).toBeFocused();
  await expect(lab.slides.place(4, 13)).toBeVisible();
  for (const cell of await predicted.all()) await expect(cell).toHaveText('?');
  await page.keyboard.press('Space');
  for (const cell of await predicted.all()) await expect(cell).not.toHaveText('?');
  for (const cell of await measured.all()) await expect(cell).toHaveText('');
  // A presenter's remote control sends the page keys.
  await page.keyboard.press('PageDown');
  await expect(measured.and(page.locator('.like'))).toHaveCount(2, { timeout: 30_000 });
  await page.keyboard.press('ArrowRight');
  await expect(reason).toBeVisible();
  await page.keyboard.press('ArrowLeft');
  await expect(reason).toBeHidden();
  for (const place of [lab.browser, lab.wire, lab.server]) await expect(place.region).toBeVisible();
  for (const _ of ['reason', 'next slide']) await page.keyboard.press('Space');
  await expect(lab.slides.place(5, 13)).toBeVisible();
  await page.keyboard.press('PageUp');
  await expect(lab.slides.place(4, 13)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(lab.slides.region).toBeHidden();
  await expect(lab.guide.claim('http-only')).toHaveAttribute('open');
  await expect(lab.guide.tick('http-only'), 'it was measured').toBeVisible();
});

test('a slide is told with its buttons, and what is tried there happens on the desk beside it', async ({ lab, words, page }) => {
  await lab.open(`/lab/${lab.id}?claim=session-steps&slides=1`);
  await lab.hurry();
  const { slides } = lab;
  await expect(slides.predicted).toHaveCount(0);
  await slides.button('tryIt').click();
  await expect(lab.status).toHaveText(words.said.me('alice', 'session-cookie'));
  await expect(lab.wire.of('api/login')).toBeVisible();
  await expect(lab.server.rows).toContainText('alice');
  await slides.button('why').click();
  await expect(slides.reason).toBeVisible();
  await expect(slides.reason.getByRole('link').first()).toHaveAttribute('href', /^https:/);
  const first = await slides.heading.innerText();
  await slides.button('next').click();
  await expect(slides.heading).not.toHaveText(first);
  await expect(slides.heading).toBeFocused();
  await slides.button('back').click();
  await expect(slides.heading).toHaveText(first);
  await slides.button('skip').click();
  await expect(slides.heading).not.toHaveText(first);
  await slides.button('leave').click();
  await expect(slides.region).toBeHidden();
  await expect(page).not.toHaveURL(/slides/);
  await expect(lab.actions.region).toBeVisible();
});

test('what is tried on one slide does not go on behind the next one', async ({ lab, page }) => {
  await lab.open(`/lab/${lab.id}?claim=two-questions&slides=1`);
  const first = await lab.slides.heading.innerText();
  await lab.slides.button('tryIt').click();
  await expect(lab.wire.of('api/login').first()).toBeVisible();
  await lab.slides.button('skip').click();
  await expect(lab.slides.heading).not.toHaveText(first);
  await page.keyboard.press('Escape');
  await expectNothingIsTried(lab);
});

test('what is tried on a slide does not go on once the browser has gone back from it', async ({ lab, page }) => {
  await lab.open(`/lab/${lab.id}?claim=two-questions`);
  await lab.slides.enter();
  await lab.slides.button('tryIt').click();
  await expect(lab.wire.of('api/login').first()).toBeVisible();
  await page.goBack();
  await expect(lab.slides.region).toBeHidden();
  await expectNothingIsTried(lab);
});

test('a claim and a chapter of the guide are shown as slides', async ({ lab, words }) => {
  await lab.guide.open('alg-none');
  const sentence = await lab.guide.claim('alg-none').locator('summary .sentence').innerText();
  await lab.guide.claim('alg-none').getByRole('button', { name: `${words.slides.title}: ${sentence}`, exact: true }).click();
  await expect(lab.slides.heading).toHaveText(sentence);
  await lab.slides.button('leave').click();
  await lab.guide.tab('servers').click();
  const chapter = `${words.slides.title}: ${words.guide.chapters.servers}`;
  await lab.guide.region.getByRole('button', { name: chapter, exact: true }).click();
  await expect(lab.slides.region).toContainText(words.guide.chapters.servers);
  await expect(lab.slides.place(1, 15)).toBeVisible();
});

test('Back goes to the slide before, and then to the desk', async ({ lab, page }) => {
  await lab.slides.enter();
  const { heading } = lab.slides;
  const first = await heading.innerText();
  await lab.slides.button('skip').click();
  await expect(heading).not.toHaveText(first);
  await expect(page).toHaveURL(/claim=.*&slides=1$/);
  await page.goBack();
  await expect(heading).toHaveText(first);
  await page.goBack();
  await expect(heading).toBeHidden();
  await expect(lab.actions.region).toBeVisible();
  await page.goForward();
  await expect(heading).toHaveText(first);
  await lab.reload();
  await expect(heading).toHaveText(first);
});

test('a claim that there is not is the first one, and the page says so', async ({ lab, words }) => {
  await lab.open(`/lab/${lab.id}?claim=nonsense&slides=1`);
  await expect(lab.slides.place(1, 13)).toBeVisible();
  await expect(lab.status).toContainText(words.slides.unknown);
});

test('what runs for minutes does not hold up the next slide', async ({ lab, page, complaints }) => {
  complaints.tolerateExperiments();
  await lab.open(`/lab/${lab.id}?claim=unset-is-not-lax&slides=1`);
  const first = await lab.slides.heading.innerText();
  for (const _ of ['prediction', 'measured', 'reason', 'next slide']) await page.keyboard.press('ArrowRight');
  await expect(lab.slides.heading).not.toHaveText(first);
  await lab.strip.stop();
});

test('every slide fits into 1280x720, with its reason, and is read from the last row', async ({ lab, page, complaints }) => {
  test.setTimeout(240_000);
  // Without the part of the page that measures nothing begins, and each slide stands still.
  await page.route(/split_measure/, (route) => route.abort());
  complaints.tolerate(/^(Failed to load resource: net::ERR_FAILED|TypeError: Failed to fetch)/);
  await page.setViewportSize({ width: 1280, height: 720 });
  await lab.open(`/lab/${lab.id}?slides=1`);
  const claims = await page.locator('details[name="claim"]').evaluateAll((all) => all.map(({ id }) => id.replace('claim-', '')));
  expect(claims).toHaveLength(87);
  const bad: string[] = [];
  const look = async (what: string) => {
    const [slide, aside, down] = await Promise.all([page.evaluate(doesNotFitASlide), page.evaluate(sticksOut), page.evaluate(scrollsDown)]);
    const found = [...slide, ...aside, ...(down > 0 ? [`the page scrolls ${down} px`] : [])];
    bad.push(...found.map((it) => `${what}: ${it}`));
  };
  for (const claim of claims) {
    await expect(lab.slides.heading).toHaveText((await lab.guide.claim(claim).locator('.sentence').textContent()) ?? '');
    await look(`${claim}, asked`);
    while (!(await lab.slides.reason.isVisible())) await page.keyboard.press('ArrowRight');
    await expect(lab.strip.region).toBeHidden();
    await look(`${claim}, told`);
    await page.keyboard.press('ArrowRight');
  }
  for (const place of [lab.browser, lab.wire, lab.server]) await expect(place.region).toBeInViewport();
  expect(bad).toEqual([]);
});

/** Of a claim that logs in four times: it was stopped before the last one, and stays stopped. */
async function expectNothingIsTried(lab: Lab): Promise<void> {
  await expect(lab.actions.region).not.toHaveAttribute('inert');
  const logins = (await lab.truth.exchanges('api/login')).length;
  expect(logins).toBeLessThan(4);
  await lab.actions.whoAmI();
  await expect(lab.wire.of('api/me')).toBeVisible();
  expect(await lab.truth.exchanges('api/login')).toHaveLength(logins);
}
