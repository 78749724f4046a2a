// Several servers: what becomes of the visitor's own login under each strategy, by the visitor's clicks.

import { expect, test } from '../fixtures.ts';
import type { Lab } from '../lab.ts';
import { startLab, startRedis } from '../serve.mjs';

/** The server that answered last, as the server recorded it. */
async function answeredBy(lab: Lab, route = 'api/me'): Promise<number> {
  const { node } = await lab.truth.last(route);
  if (!node) throw new Error('no server answered');
  return node;
}

/** Asks who one is so many times, each after the last was announced; the statuses. */
async function ask(lab: Lab, times: number): Promise<number[]> {
  const before = (await lab.truth.exchanges('api/me')).length;
  for (let n = 1; n <= times; n++) {
    await lab.actions.whoAmI();
    await expect.poll(async () => (await lab.truth.exchanges('api/me')).length).toBe(before + n);
  }
  return (await lab.truth.exchanges('api/me')).slice(before).map((exchange) => exchange.response.status);
}

test('the problem: of three servers with their own memory one knows the login', async ({ lab, words, complaints }) => {
  await lab.servers.adopt('problem');
  await expect(lab.servers.preset('problem')).toHaveAttribute('aria-pressed', 'true');
  await lab.logIn();
  const home = await answeredBy(lab, 'api/login');
  await expect(lab.standing).toContainText(words.standing.knownTo(home));
  await expect(lab.server.node(home)).toContainText('alice');

  complaints.foreseeRefusal(401, 'api/me');
  expect((await ask(lab, 3)).sort()).toEqual([200, 401, 401]);
  expect(await ask(lab, 6)).toEqual(expect.arrayContaining([200, 401]));
});

test('sticky session: always the same server, until it stops', async ({ lab, words, complaints }) => {
  await lab.servers.adopt('sticky');
  await lab.logIn();
  const home = await answeredBy(lab, 'api/login');
  await expect(lab.browser.cookies).toContainText(`lb = ${home}`);
  expect(await ask(lab, 3)).toEqual([200, 200, 200]);
  expect(await answeredBy(lab)).toBe(home);
  await expect(lab.status).toHaveText(words.said.meAt('alice'));
  await expect(lab.server.node(home)).toContainText(words.fleet.answered);

  complaints.foreseeRefusal(401, 'api/me');
  await lab.server.stop(home);
  await expect(lab.server.region.getByRole('button', { name: words.fleet.startNode(home) })).toBeVisible();
  expect(await ask(lab, 1)).toEqual([401]);
  const next = await answeredBy(lab);
  expect(next).not.toBe(home);
  await expect(lab.browser.cookies).toContainText(`lb = ${next}`);

  await lab.server.start(home);
  await expect(lab.server.region.getByRole('button', { name: words.fleet.stopNode(home) })).toBeVisible();
  expect(await ask(lab, 1)).toEqual([401]);
  expect(await answeredBy(lab), 'it stays where it was sent').toBe(next);
});

test('session clustering: survives a server that stops, and is lost with a lost message', async ({
  lab,
  words,
  complaints,
}) => {
  await lab.servers.adopt('clustering');
  await lab.logIn();
  await expect.poll(async () => (await lab.truth.rows()).length, 'every server has a copy').toBe(3);
  expect(await ask(lab, 3)).toEqual([200, 200, 200]);
  const gone = await answeredBy(lab);
  await lab.server.stop(gone);
  await expect(lab.status).toContainText(words.said.stoppedAlone);
  expect(await ask(lab, 2)).toEqual([200, 200]);
  await lab.server.start(gone);
  await expect(lab.server.node(gone)).toContainText('alice');

  await lab.servers.lose(100);
  await expect.poll(async () => (await lab.truth.view()).topology).toMatchObject({ replication: { loss: 1 } });
  await lab.logIn('session-cookie', 'bob');
  const home = await answeredBy(lab, 'api/login');
  await expect(lab.standing).toContainText(words.standing.knownTo(home));
  for (const other of [1, 2, 3].filter((node) => node !== home)) {
    await expect(lab.server.node(other)).toContainText(words.fleet.missing);
  }
  complaints.foreseeRefusal(401, 'api/me');
  expect((await ask(lab, 3)).sort()).toEqual([200, 401, 401]);
});

for (const store of ['redis', 'memcached', 'sqlite'] as const) {
  test(`separate storage in ${store}: no server matters, and the store does`, async ({ lab, words, complaints }) => {
    await lab.servers.keepIn(store);
    await lab.servers.adopt('separate');
    await expect(lab.server.store).toContainText(words.fleet.available);
    await lab.logIn();
    await expect(lab.server.rows).toHaveCount(1);
    expect(await ask(lab, 3)).toEqual([200, 200, 200]);
    await lab.server.stop(await answeredBy(lab));
    expect(await ask(lab, 2)).toEqual([200, 200]);
    const { store: shared } = await lab.truth.view();
    expect(shared).toMatchObject({ kind: store, available: true });

    complaints.foreseeRefusal(503, 'api/me');
    await lab.servers.stopStore();
    await expect(lab.status).toContainText(words.said.outage);
    await expect(lab.server.store).toContainText(words.fleet.down);
    await expect(lab.standing).toContainText(words.standing.storeSilent);
    expect(await ask(lab, 2)).toEqual([503, 503]);

    await lab.servers.startStore();
    await expect(lab.status).toContainText(words.said.storeBack);
    expect(await ask(lab, 2)).toEqual([200, 200]);
  });
}

test('a login that the store refuses stops where it is asked, and another arrangement begins anew', async ({ lab, words, complaints }) => {
  complaints.foreseeRefusal(503, 'api/login');
  await lab.servers.adopt('separate');
  await expect(lab.servers.preset('separate')).toHaveAttribute('aria-pressed', 'true');
  await lab.servers.stopStore();
  await expect(lab.status).toContainText(words.said.outage);
  await lab.actions.logIn();
  await expect(lab.step).toHaveText(new RegExp(`^2 .*${words.flow.refused}$`));
  await lab.servers.adopt('problem');
  await expect(lab.servers.preset('problem')).toHaveAttribute('aria-pressed', 'true');
  await expect(lab.step).toHaveCount(0);
});

test('JWT: any server knows it, and none holds anything', async ({ lab, words }) => {
  await lab.switch.choose('token-cookie');
  await lab.servers.adopt('problem');
  await expect(lab.servers.preset('problem')).toHaveAttribute('aria-pressed', 'true');
  await expect(lab.switch.radio('token-cookie'), 'a preset leaves the switch alone').toBeChecked();
  await lab.logIn('token-cookie');
  expect(await ask(lab, 3)).toEqual([200, 200, 200]);
  for (const node of [1, 2]) {
    await lab.server.stop(node);
    await expect(lab.server.region.getByRole('button', { name: words.fleet.startNode(node) })).toBeVisible();
  }
  expect(await ask(lab, 2)).toEqual([200, 200]);
  expect(await lab.truth.rows()).toEqual([]);
});

test('with every server stopped the page comes all the same, and on it one can be started', async ({ lab, words, complaints }) => {
  await lab.servers.adopt('problem');
  await lab.logIn('token-cookie');
  for (const node of [1, 2, 3]) {
    await lab.server.stop(node);
    await expect(lab.server.region.getByRole('button', { name: words.fleet.startNode(node) })).toBeVisible();
  }
  complaints.foreseeRefusal(503, 'api/me');
  expect(await ask(lab, 1)).toEqual([503]);

  await lab.reload();
  await expect(lab.standing).toContainText(words.standing.nodesSilent);
  await lab.server.start(1);
  await expect(lab.standing).toContainText('alice');
  expect(await ask(lab, 1)).toEqual([200]);
});

test('a real Redis that is killed: 503 for everybody, and JWT goes on', async ({ lab, words, complaints }) => {
  const redis = await startRedis();
  const server = await startLab('--redis-url', `redis://127.0.0.1:${redis.port}`);
  try {
    await lab.open(`http://localhost:${server.port}/`);
    await lab.servers.adopt('separate');
    await lab.logIn();
    const known = await lab.page.request.get(`${lab.page.url().split('?')[0]}/api/me`);
    expect(known.status()).toBe(200);

    await redis.stop('SIGKILL');
    complaints.foreseeRefusal(503, 'api/me');
    await lab.actions.whoAmI();
    await expect(lab.status).toContainText('503');
    await expect(lab.server.store).toContainText(words.fleet.down);

    await lab.switch.choose('token-storage');
    complaints.foreseeRefusal(503, 'api/login');
    await lab.actions.logIn();
    await expect(lab.status).toContainText('503');
    await lab.page.context().clearCookies({ name: 'sid' });
    await lab.actions.logIn();
    await expect(lab.status).toHaveText(words.said.loggedIn('alice', 'token-storage'));
    await lab.actions.whoAmI();
    await expect(lab.status).toHaveText(words.said.meAt('alice'));
  } finally {
    // First the page: it complains of a server that goes away under it.
    await lab.page.close();
    await server.stop();
    await redis.stop();
  }
});
