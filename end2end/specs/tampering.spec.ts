// A changed credential is refused, whoever wrote it; an unchanged copy is as good as the original.

import { isSession, schemes } from '../api.ts';
import { expect, test } from '../fixtures.ts';

for (const scheme of schemes) {
  test(`${scheme}: a copy is let in, one changed character is not`, async ({ lab, words, complaints }) => {
    complaints.foreseeRefusal(401, 'api/me');
    await lab.logIn(scheme);
    await lab.tamper.take();
    await lab.tamper.send();
    await expect(lab.status).toContainText(words.said.accepted);

    await lab.tamper.changeOneCharacter();
    await lab.tamper.send();
    await expect(lab.wire.all.filter({ hasText: '/api/me' })).toHaveCount(2);
    await expect(lab.status).toHaveText(/^401/);
    const steps = lab.wire.stepsOf(lab.wire.of('api/me'));
    await expect(steps).toContainText(isSession(scheme) ? words.wire.lookedUp : words.wire.verified);
    const refused = await lab.truth.last('api/me');
    expect(refused.response.status).toBe(401);
    expect(refused.response.headers.flat().join()).toContain('error="invalid_token"');
  });
}

for (const scheme of ['token-cookie', 'token-storage'] as const) {
  test(`${scheme}: a rewritten claim no longer fits the signature`, async ({ lab, complaints }) => {
    complaints.foreseeRefusal(401, 'api/me');
    await lab.logIn(scheme);
    await lab.tamper.take();
    await lab.tamper.claimAdmin();
    const [, payload = ''] = (await lab.tamper.field.inputValue()).split('.');
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ sub: 'alice', role: 'admin' });
    await lab.tamper.send();
    await expect(lab.status).toHaveText(/^401/);

    await lab.tamper.take();
    await lab.tamper.claimNoAlgorithm();
    const [head = ''] = (await lab.tamper.field.inputValue()).split('.');
    expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toMatchObject({ alg: 'none' });
    await lab.tamper.send();
    await expect(lab.wire.all.filter({ hasText: '401' })).toHaveCount(2);
    await expect(lab.status).toHaveText(/^401/);
  });
}

test('there is nothing to take before a login, and nothing but ASCII to send', async ({ lab, words }) => {
  await lab.tamper.open();
  await expect(lab.tamper.button(words.tamper.take)).toBeDisabled();
  await expect(lab.tamper.button(words.tamper.send)).toBeDisabled();
  await lab.tamper.field.fill('연필');
  await expect(lab.tamper.button(words.tamper.send)).toBeDisabled();
  await lab.tamper.field.fill('abc');
  await expect(lab.tamper.button(words.tamper.send)).toBeEnabled();
});
