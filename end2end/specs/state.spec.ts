// Where the state is: in the server's row it can be changed and lost; in the token it can be neither.

import { handedOut, isSession, schemes } from '../api.ts';
import { expect, test } from '../fixtures.ts';

for (const scheme of schemes) {
  const session = isSession(scheme);

  test(`${scheme}: a restart of the server ${session ? 'ends it' : 'leaves it alone'}`, async ({ lab, words, complaints }) => {
    await lab.logIn(scheme);
    await lab.actions.restart();
    await expect(lab.status).toContainText(words.said.restarted);
    await expect(lab.server.rows).toHaveCount(0);
    if (session) complaints.foreseeRefusal(401, 'api/me');
    // The page says so before anybody asks.
    await expect(lab.standing).toContainText(session ? words.standing.dead : 'alice');
    await lab.actions.whoAmI();
    await expect(lab.status).toHaveText(session ? /^401/ : words.said.me('alice', scheme));
    await expect(lab.step).toHaveText(session ? new RegExp(`^5 .*${words.flow.refused}$`) : /^5 /);
    if (!session) await expect(lab.step).not.toContainText(words.flow.refused);
  });

  test(`${scheme}: a new role is ${session ? 'felt at once' : 'not felt until exp'}`, async ({ lab, complaints }) => {
    if (!session) complaints.foreseeRefusal(403, 'api/admin');
    await lab.logIn(scheme);
    await lab.server.setRole('alice', 'admin');
    await expect.poll(async () => (await lab.truth.view()).users.find((user) => user.name === 'alice')?.role).toBe('admin');
    await lab.actions.visitAdmin();
    await expect(lab.wire.of('api/admin')).toContainText(session ? '200' : '403');
  });

  test(`${scheme}: it ends when its time is over`, async ({ lab, complaints }) => {
    complaints.foreseeRefusal(401, 'api/me');
    await lab.logIn(scheme);
    const before = (await lab.truth.view()).now;
    await lab.actions.tenMinutesOn();
    await expect.poll(async () => (await lab.truth.view()).now - before).toBeGreaterThanOrEqual(600);
    await lab.actions.tenMinutesOn();
    await expect.poll(async () => (await lab.truth.view()).now - before).toBeGreaterThanOrEqual(1200);
    await lab.actions.whoAmI();
    await expect(lab.status).toHaveText(/^401/);
  });
}

test('with the denylist on, a logout ends a JWT too', async ({ lab, words }) => {
  await lab.actions.setDenylist(true);
  await lab.logIn('token-storage');
  const copy = handedOut(await lab.truth.last('api/login'));
  await lab.actions.logOut();
  await expect(lab.status).toContainText(words.said.loggedOut);
  const [denied] = (await lab.truth.view()).denylist;
  await expect(lab.server.denylist).toContainText(denied?.jti ?? 'an entry');
  expect(await lab.truth.meWith('token-storage', copy)).toBe(401);
});

test('logging out everywhere ends every session of the user, and nobody else', async ({ lab, words }) => {
  await lab.truth.logIn('alice');
  await lab.truth.logIn('bob');
  await lab.actions.logIn('alice');
  await expect(lab.server.rows).toHaveCount(3);
  await lab.actions.logOutEverywhere();
  await expect(lab.status).toHaveText(words.said.loggedOutEverywhere);
  await expect(lab.server.rows).toHaveCount(1);
  expect(await lab.truth.rows()).toMatchObject([{ user: 'bob' }]);
});

test('a disabled user has no session left', async ({ lab, words, complaints }) => {
  complaints.foreseeRefusal(401, 'api/login');
  await lab.actions.logIn();
  await expect(lab.server.rows).toHaveCount(1);
  await lab.server.disable('alice');
  await expect(lab.server.rows).toHaveCount(0);
  await lab.actions.logIn();
  await expect(lab.status).toHaveText(/401/);
  await expect(lab.status).not.toContainText(words.said.loggedIn('alice', 'session-cookie'));
});
