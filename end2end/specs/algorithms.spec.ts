// Algorithms: which one the next signing key has, what its tokens say, and what becomes of those of older keys.

import { handedOut } from '../api.ts';
import { expect, test } from '../fixtures.ts';

const algOf = (token: string) =>
  (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { alg: string }).alg;

test('the next key has the algorithm that is chosen, and a retired one believes nothing', async ({ lab, words, complaints, page }) => {
  complaints.foreseeRefusal(401, 'api/me');
  await lab.actions.more.within(() => expect(lab.actions.alg).toHaveValue('HS256'));
  await lab.actions.newKey('rotate', 'EdDSA');
  await expect(lab.status).toHaveText(words.said.rotated);
  await lab.logIn('token-storage');
  expect(algOf(handedOut(await lab.truth.last('api/login')))).toBe('EdDSA');
  await expect(lab.server.keys).toContainText('HS256');
  await expect(lab.server.keys).toContainText('EdDSA');
  await lab.actions.whoAmI();
  await expect(lab.status).toHaveText(words.said.me('alice', 'token-storage'));

  await lab.actions.newKey('retire', 'RS256');
  await expect(lab.server.keys).toContainText('RS256');
  await expect(lab.server.keys).not.toContainText('EdDSA');
  await lab.actions.whoAmI();
  await expect(lab.status).toHaveText(/^401/);
  await lab.logIn('token-storage');
  expect(algOf(handedOut(await lab.truth.last('api/login')))).toBe('RS256');

  await lab.actions.fromMore('takeKey');
  const attacker = page.getByRole('region', { name: words.attacker.title, exact: true });
  await attacker.getByRole('button', { name: words.attacker.replay }).first().click();
  await expect(lab.status).toHaveText(/^200.*carol/);

  await lab.actions.fromMore('reset');
  await expect.poll(async () => (await lab.truth.view()).keys.map(({ alg }) => alg)).toEqual(['HS256']);
  await lab.actions.more.within(() => expect(lab.actions.alg).toHaveValue('HS256'));
});

test('a forgery by HMAC says why not, and a comparison sets its own key and puts yours back', async ({ lab, words, complaints }) => {
  test.slow();
  complaints.tolerateExperiments();
  const alg = async () => (await lab.truth.view()).keys.find(({ signs }) => signs)?.alg;
  await lab.actions.newKey('retire', 'EdDSA');
  await expect.poll(alg).toBe('EdDSA');
  await lab.guide.open('other-key');
  await lab.guide.measure('other-key');
  const [measured, predicted] = await lab.guide.rows('other-key').first().getByRole('cell').allInnerTexts();
  expect(measured).toBe(predicted);
  await expect.poll(alg).toBe('EdDSA');
  await lab.guide.tryIt('other-key');
  await expect(lab.status).toHaveText(words.said.notHmac);
});
