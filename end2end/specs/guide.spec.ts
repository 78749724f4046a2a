// The guide: one list of claims, found by chapter, by search and by address; each is seen by one press on the desk.

import { type Exchange, handedOut, header } from '../api.ts';
import type { Complaints } from '../complaints.ts';
import { expect, test } from '../fixtures.ts';
import type { Lab } from '../lab.ts';
import { CHAPTERS } from '../panels/guide.ts';
import type { Words } from '../words.ts';

/** How many claims each chapter has. */
const CLAIMS = { cookie: 13, session: 11, token: 15, stateless: 10, servers: 15, attacks: 15, choice: 8 };

test("every chapter's tab shows its claims and no other", async ({ lab, words }) => {
  await expect(lab.guide.seen(0)).toBeVisible();
  for (const chapter of CHAPTERS) {
    await lab.guide.tab(chapter).click();
    await expect(lab.guide.tab(chapter)).toHaveAttribute('aria-selected', 'true');
    await expect(lab.guide.region.getByRole('tab', { selected: true })).toHaveCount(1);
    const panel = lab.guide.region.getByRole('tabpanel', { name: words.guide.chapters[chapter], exact: true });
    await expect(panel.locator('details[name="claim"]')).toHaveCount(CLAIMS[chapter]);
    await expect(lab.guide.claims).toHaveCount(CLAIMS[chapter]);
  }
});

for (const word of ['XSS', 'CSRF', 'CORS', '401', 'HttpOnly']) {
  test(`a search finds ${word}, in every chapter`, async ({ lab }) => {
    await lab.guide.tab('choice').click();
    await lab.guide.search.fill(word);
    await expect(lab.guide.region.getByRole('tab', { selected: true })).toHaveCount(0);
    await expect(lab.guide.claims.filter({ hasNotText: word })).toHaveCount(0);
    // What is told is searched, too, once it is here.
    await expect(lab.guide.claims).not.toHaveCount(0);
    const found = await lab.guide.claims.count();
    expect(found).toBeLessThan(60);
    // It is the claim itself that is found, and it can be opened where it is.
    await lab.guide.claims.first().locator('summary').first().click();
    await expect(lab.guide.claims.first()).toHaveAttribute('open');

    await lab.guide.search.clear();
    await expect(lab.guide.claims).toHaveCount(CLAIMS.choice);
  });
}

test('a search finds what is written together or apart', async ({ lab, lang }) => {
  await lab.guide.open('token-logout');
  for (const words of lang === 'en' ? ['logout jwt', 'log out jwt'] : ['세션에서로그아웃 jwt', '세션에서 로그아웃 jwt']) {
    await lab.guide.search.fill(words);
    await expect(lab.guide.claim('session-logout'), words).toBeVisible();
    await expect(lab.guide.claim('alg-none'), words).toBeHidden();
  }
});

test('a search for what is nowhere says so, and a chapter ends it', async ({ lab, words }) => {
  await lab.guide.search.fill('xyzzy');
  await expect(lab.guide.region.getByText(words.guide.notFound)).toBeVisible();
  await expect(lab.guide.claims).toHaveCount(0);
  await lab.guide.tab('servers').click();
  await expect(lab.guide.search).toHaveValue('');
  await expect(lab.guide.region.getByText(words.guide.notFound)).toBeHidden();
  await expect(lab.guide.claims).toHaveCount(CLAIMS.servers);
});

test('a claim has an address, which opens it', async ({ lab, page }) => {
  await lab.open(`/lab/${lab.id}?claim=http-only`);
  await expect(lab.guide.claim('http-only')).toHaveAttribute('open');
  await expect(lab.guide.tryButton('http-only')).toBeInViewport();

  await lab.open(`/lab/${lab.id}?claim=alg-none`);
  await expect(lab.guide.tab('attacks')).toHaveAttribute('aria-selected', 'true');
  await expect(lab.guide.claim('alg-none').locator('summary').first()).toBeInViewport();
  await expect(lab.guide.claim('http-only')).not.toHaveAttribute('open');

  await lab.guide.open('store-stops');
  await expect(page).toHaveURL(/[?&]claim=store-stops$/);
  await lab.reload();
  await expect(lab.guide.claim('store-stops')).toHaveAttribute('open');
  await lab.guide.claim('store-stops').locator('summary').first().click();
  await expect(page).not.toHaveURL(/claim=/);
});

test('a claim stands in the page that the server renders', async ({ lab, request }) => {
  const html = await (await request.get(`/lab/${lab.id}?claim=http-only`)).text();
  expect(html).toContain('id="claim-http-only"');
  expect(html).toMatch(/<details[^>]*id="claim-http-only"[^>]*\sopen/);
});

interface Tried {
  claim: string;
  /** Refusals that it shows: status and route. */
  refused?: [number, string][];
  /** What attacks provoke is not foreseen line by line. */
  attacks?: boolean;
  leaves: (seen: { lab: Lab; words: Words }) => Promise<void>;
}

/** A form of another site is answered 204, so that its window stays: what became of it the steps tell. */
const wasRefused = ({ steps }: Exchange) => steps.some(({ did }) => did === 'refused');
const byAttacker = async (lab: Lab, route: string) => (await lab.truth.exchanges(route)).filter(({ from }) => from === 'attacker');
const statuses = async (lab: Lab, route: string) => (await lab.truth.exchanges(route)).map(({ response }) => response.status);

const TRIED: Tried[] = [
  {
    claim: 'two-questions',
    leaves: async ({ lab, words }) => {
      await expect(lab.status).toHaveText(words.said.loggedIn('alice', 'token-storage'));
      const logins = await lab.truth.exchanges('api/login');
      expect(logins.map((login) => header(login.response.headers, 'set-cookie').some((set) => /^(__Host-)?(sid|token)=[^;]/.test(set)))).toEqual([true, false, true, false]);
      expect(logins.map((login) => handedOut(login).split('.').length)).toEqual([1, 1, 3, 3]);
      expect(await lab.truth.rows(), 'each login ended the one before').toEqual([]);
    },
  },
  {
    claim: 'http-only',
    attacks: true,
    leaves: async ({ lab, words }) => {
      await expect(lab.status).toHaveText(words.said.scriptRead);
      const credential = handedOut(await lab.truth.last('api/login'));
      // With HttpOnly the script got nothing, without it this.
      const { loot } = (await lab.truth.view()).attacker;
      expect(loot).toMatchObject([{ scheme: 'session-cookie', credential }]);
      const attacker = lab.page.getByRole('region', { name: words.attacker.title, exact: true });
      await expect(attacker.getByTitle(credential, { exact: true })).toBeVisible();
      // The claim says itself how the cookie is set: without the prefix.
      expect((await lab.script()).cookie).toBe(`sid=${credential}`);
    },
  },
  {
    claim: 'session-row',
    leaves: async ({ lab, words }) => {
      await expect(lab.status).toHaveText(words.said.cart(2));
      const key = handedOut(await lab.truth.last('api/login'));
      expect(await lab.truth.rows()).toMatchObject([{ key, user: 'alice', role: 'user', cart: ['pen', 'mug'] }]);
      await expect(lab.server.rows).toContainText('pen, mug');
      await expect(lab.browser.cookies.getByTitle(key, { exact: true })).toBeVisible();
    },
  },
  {
    claim: 'session-logout',
    refused: [[401, 'api/me']],
    leaves: async ({ lab }) => {
      await expect(lab.status).toHaveText(/^401/);
      const copy = await lab.truth.last('api/me');
      const credential = handedOut(await lab.truth.last('api/login'));
      expect(header(copy.request.headers, 'authorization')).toEqual([`Bearer ${credential}`]);
      expect(copy.response.status).toBe(401);
      expect(await lab.truth.rows()).toEqual([]);
    },
  },
  {
    claim: 'session-restart',
    refused: [[401, 'api/me']],
    leaves: async ({ lab, words }) => {
      await expect(lab.status).toHaveText(/^401/);
      await expect(lab.standing).toContainText(words.standing.dead);
      await expect(lab.step).toContainText(words.flow.refused);
      expect(await lab.truth.rows()).toEqual([]);
    },
  },
  {
    claim: 'token-state',
    leaves: async ({ lab, words }) => {
      await expect(lab.status).toHaveText(words.said.cart(2));
      const [first, second] = (await lab.truth.exchanges('api/cart')).map(handedOut);
      expect(second?.length).toBeGreaterThan(first?.length ?? 0);
      expect((await lab.script()).stored).toBe(second);
      expect(await lab.truth.rows()).toEqual([]);
      await expect(lab.server.sessions).toContainText(words.server.noSessionsJwt);
    },
  },
  {
    claim: 'token-logout',
    leaves: async ({ lab, words }) => {
      await expect(lab.status).toContainText(words.said.accepted);
      await expect(lab.browser.nextRequest).toContainText(words.browser.nextNothing);
      expect((await lab.script()).stored).toBeNull();
      expect(await statuses(lab, 'api/me'), 'the copy, after the logout').toEqual([200]);
    },
  },
  {
    claim: 'key-rotation',
    refused: [[401, 'api/me']],
    leaves: async ({ lab }) => {
      await expect(lab.status).toHaveText(/^401/);
      expect(await statuses(lab, 'api/me')).toEqual([200, 401]);
      expect((await lab.truth.view()).keys).toHaveLength(1);
    },
  },
  {
    claim: 'http-forgets',
    refused: [[401, 'api/me']],
    leaves: async ({ lab, words }) => {
      await expect(lab.status).toHaveText(/^401/);
      expect(await statuses(lab, 'api/me')).toEqual([200, 401, 401]);
      await expect(lab.wire.newest).toContainText(words.wire.noCredential);
    },
  },
  {
    claim: 'app-needs-state',
    refused: [[401, 'api/cart']],
    leaves: async ({ lab, words }) => {
      await expect(lab.status).toHaveText(words.said.cart(1));
      expect(await statuses(lab, 'api/cart')).toEqual([401, 200]);
      expect(await lab.truth.rows()).toMatchObject([{ user: 'alice' }]);
    },
  },
  {
    claim: 'browser-cache',
    leaves: async ({ lab, words }) => {
      await expect(lab.status).toHaveText(words.said.catalogOfBrowser);
      expect(await statuses(lab, 'api/catalog'), 'the second came from the cache: the server heard nothing').toEqual([200]);
    },
  },
  {
    claim: 'proxy-cache',
    leaves: async ({ lab, words }) => {
      await expect(lab.status).toHaveText(words.said.catalogOfProxy);
      const asked = await lab.truth.exchanges('api/catalog');
      expect(asked.map(({ node }) => node), 'the second came from the copy: no server was asked').toEqual([1, null]);
      expect(asked[1]?.steps.map(({ did }) => did)).toEqual(['proxy-answered']);
      const me = await lab.truth.last('api/me');
      expect([me.node, me.response.status]).toEqual([1, 200]);
      const [age, status] = ['age', 'cache-status'].map((name) => asked[1]?.response.headers.find(([key]) => key === name)?.[1]);
      expect([asked[1]?.response.status, Number(age) >= 0, status?.startsWith('login-lab; hit;')]).toEqual([200, true, true]);
      await expect(lab.servers.region).toContainText(words.servers.withProxy);
      // A preset arranges the servers anew, with nothing before them.
      await lab.servers.adopt('single');
      expect((await lab.truth.view()).faults.proxy_cache).toBe(false);
    },
  },
  {
    claim: 'session-consistency',
    refused: [[401, 'api/me']],
    leaves: async ({ lab, words }) => {
      const { node } = await lab.truth.last('api/login');
      const asked = await lab.truth.exchanges('api/me');
      expect(asked.map(({ response }) => response.status).sort()).toEqual([200, 401, 401]);
      expect(asked.find(({ response }) => response.status === 200)?.node).toBe(node);
      await expect(lab.servers.preset('problem')).toHaveAttribute('aria-pressed', 'true');
      await expect(lab.standing).toContainText(words.standing.knownTo(node ?? 0));
      await expect(lab.server.node(node ?? 0)).toContainText('alice');
    },
  },
  {
    claim: 'sticky-load',
    leaves: async ({ lab, words }) => {
      await expect(lab.status).toHaveText(words.said.crowdDone);
      const { results } = (await lab.truth.view()).crowd;
      expect(results.map(({ outcomes }) => outcomes.mistaken)).toEqual([0, 0]);
      // What the claim tells to compare has to be in sight.
      await expect(lab.crowd.compared(words.servers.presets.sticky)).toBeVisible();
      await expect(lab.crowd.compared(words.servers.presets.problem)).not.toContainText(words.crowd.notRun);
    },
  },
  {
    claim: 'sticky-stop',
    refused: [[401, 'api/me']],
    leaves: async ({ lab }) => {
      expect(await statuses(lab, 'api/me')).toEqual([200, 401, 401]);
      const { nodes } = await lab.truth.view();
      expect(nodes.map(({ up }) => up)).toEqual([true, true, true]);
      await expect(lab.status).toHaveText(/^401/);
    },
  },
  {
    claim: 'store-stops',
    refused: [[503, 'api/me']],
    leaves: async ({ lab, words }) => {
      expect(await statuses(lab, 'api/me')).toEqual([503, 503, 200]);
      await expect(lab.status).toHaveText(words.said.meAt('alice'));
      await expect(lab.server.store).toContainText(words.fleet.available);
      expect((await lab.truth.view()).store).toMatchObject({ available: true, sessions: [{ user: 'alice' }] });
    },
  },
  {
    claim: 'xss-reads',
    attacks: true,
    leaves: async ({ lab, words }) => {
      const credential = handedOut(await lab.truth.last('api/login'));
      expect((await lab.truth.view()).attacker.loot).toMatchObject([{ scheme: 'token-storage', credential, replayed: 200 }]);
      const attacker = lab.page.getByRole('region', { name: words.attacker.title, exact: true });
      await expect(attacker.getByTitle(credential, { exact: true })).toBeVisible();
      await expect(attacker).toContainText('200');
    },
  },
  {
    claim: 'csrf-form',
    attacks: true,
    leaves: async ({ lab, words }) => {
      await expect(lab.status).toHaveText(words.said.siteRefused);
      const posted = await byAttacker(lab, 'api/cart');
      const sid = handedOut(await lab.truth.last('api/login'));
      expect(posted.map(wasRefused), 'without the check, and with it').toEqual([false, true]);
      for (const { request } of posted) expect(header(request.headers, 'cookie').join()).toContain(`sid=${sid}`);
      expect((await lab.truth.rows()).map(({ cart }) => cart.length), 'the first form filled the cart, the second did not').toEqual([1]);
    },
  },
  {
    claim: 'csrf-link',
    attacks: true,
    leaves: async ({ lab, words }) => {
      await expect(lab.status).toHaveText(words.said.siteWasYou);
      const opened = await byAttacker(lab, '');
      const sid = handedOut(await lab.truth.last('api/login'));
      expect(opened.map(({ request }) => header(request.headers, 'cookie').join()).join()).toContain(`sid=${sid}`);
      expect(await lab.truth.rows(), 'nothing changed').toMatchObject([{ user: 'alice', cart: [] }]);
    },
  },
  {
    claim: 'csrf-bearer',
    attacks: true,
    leaves: async ({ lab, words }) => {
      await expect(lab.status).toHaveText(words.said.siteWasNobody);
      const sent = (await byAttacker(lab, 'api/cart')).filter(({ request }) => request.method === 'POST');
      expect(sent.map(wasRefused), 'the form and the fetch').toEqual([true, true]);
      for (const { request } of sent) expect(header(request.headers, 'authorization')).toEqual([]);
    },
  },
  {
    claim: 'alg-none',
    refused: [[401, 'api/me']],
    leaves: async ({ lab }) => {
      await expect(lab.status).toHaveText(/^401/);
      const { request, response } = await lab.truth.last('api/me');
      expect(response.status).toBe(401);
      const [head = ''] = (header(request.headers, 'authorization')[0] ?? '').replace('Bearer ', '').split('.');
      expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toMatchObject({ alg: expect.stringMatching(/none/i) });
      expect((await lab.script()).stored, 'the genuine one stays').toBe(handedOut(await lab.truth.last('api/login')));
    },
  },
  {
    claim: 'copied-store',
    attacks: true,
    leaves: async ({ lab }) => {
      const { attacker, defences } = await lab.truth.view();
      expect(attacker.loot.map(({ replayed }) => replayed)).toEqual([200, 401]);
      expect(defences['hash_ids']).toBe(true);
    },
  },
  {
    claim: 'end-at-once',
    refused: [[401, 'api/me']],
    leaves: async ({ lab }) => {
      await expect.poll(async () => (await lab.truth.view()).users.find(({ name }) => name === 'alice')?.disabled).toBe(false);
      expect(await statuses(lab, 'api/me')).toEqual([401]);
      expect(await lab.truth.rows()).toEqual([]);
    },
  },
  {
    claim: 'nobody-to-ask',
    leaves: async ({ lab, words }) => {
      const asked = await lab.truth.exchanges('api/me');
      expect(asked.map(({ response }) => response.status)).toEqual([200, 200, 200]);
      expect(new Set(asked.map(({ node }) => node)).size, 'each of three servers').toBe(3);
      expect(await lab.truth.rows()).toEqual([]);
      await expect(lab.status).toHaveText(words.said.meAt('alice'));
    },
  },
];

function foresee(complaints: Complaints, { refused = [], attacks = false }: Tried): void {
  if (attacks) complaints.tolerateExperiments();
  for (const [status, route] of refused) complaints.foreseeRefusal(status, route);
}

for (const tried of TRIED) {
  test(`try it: ${tried.claim}`, async ({ lab, words, complaints }) => {
    test.slow();
    foresee(complaints, tried);
    await lab.hurry();
    await lab.guide.tryIt(tried.claim);
    await expect(lab.guide.tick(tried.claim)).toBeVisible();
    await expect(lab.guide.seen(1)).toBeVisible();
    await tried.leaves({ lab, words });
  });
}

test('the address that is shared opens the same claim', async ({ lab, words, context, page }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await lab.switch.choose('token-cookie');
  await lab.guide.open('alg-none');
  await page.getByRole('banner').getByRole('button', { name: words.share, exact: true }).click();
  await expect(lab.status).toHaveText(words.said.shared);
  const address = await page.evaluate(() => navigator.clipboard.readText());
  expect(address).toBe(`${new URL(page.url()).origin}/lab/${lab.id}?scheme=token-cookie&claim=alg-none`);
  await lab.open(address);
  await expect(lab.guide.claim('alg-none')).toHaveAttribute('open');
  await expect(lab.switch.radio('token-cookie')).toBeChecked();
});

test('what was seen is counted once, and each claim for itself', async ({ lab }) => {
  test.slow();
  await lab.hurry();
  await lab.guide.tryIt('token-string');
  await expect(lab.guide.seen(1)).toBeVisible();
  await lab.guide.tryIt('token-string');
  await expect(lab.guide.seen(1)).toBeVisible();
  await lab.guide.tryIt('simple');
  await expect(lab.guide.seen(2)).toBeVisible();
  await expect(lab.guide.tick('token-string')).toHaveCount(1);
});

test('what was seen is still seen after a reload', async ({ lab }) => {
  test.slow();
  await lab.hurry();
  await lab.guide.tryIt('token-string');
  await expect(lab.guide.seen(1)).toBeVisible();
  await lab.reload();
  await expect(lab.guide.seen(1)).toBeVisible();
});

test('a claim whose last press is a reload is seen, too', async ({ lab }) => {
  test.slow();
  await lab.hurry();
  await lab.guide.open('cookie-by-itself');
  const reloaded = lab.page.waitForEvent('load');
  await lab.guide.tryButton('cookie-by-itself').click();
  await reloaded;
  await lab.hydrated();
  await expect(lab.browser.renderedFor).toContainText('alice');
  await expect(lab.guide.tick('cookie-by-itself')).toBeVisible();
  await expect(lab.guide.seen(1)).toBeVisible();
});

test('a claim whose press failed was not seen', async ({ lab, complaints, page }) => {
  test.slow();
  complaints.foreseeCut('api/login');
  await page.route('**/api/login', (route) => route.abort());
  await lab.guide.tryIt('token-string');
  await expect(lab.guide.tick('token-string')).toHaveCount(0);
  await expect(lab.guide.seen(0)).toBeVisible();
});

test('while a claim is tried the desk takes no clicks, and it can be stopped', async ({ lab, words }) => {
  test.slow();
  await lab.guide.open('two-questions');
  await lab.guide.tryButton('two-questions').click();
  await expect(lab.guide.stop).toBeVisible();
  await expect(lab.actions.region).toHaveAttribute('inert');
  await expect(lab.status).toHaveText(words.said.loggedIn('alice', 'session-cookie'));
  await lab.guide.stop.click();
  await expect(lab.guide.stop).toBeHidden();
  await expect(lab.actions.region).not.toHaveAttribute('inert');
  const logins = (await lab.truth.exchanges('api/login')).length;
  expect(logins).toBeLessThan(4);
  await expect(lab.guide.seen(0)).toBeVisible();
  await expect(lab.guide.tick('two-questions')).toHaveCount(0);

  // It is over: the desk answers again, and nothing is pressed any more.
  await lab.actions.whoAmI();
  await expect(lab.wire.of('api/me')).toBeVisible();
  expect(await lab.truth.exchanges('api/login')).toHaveLength(logins);
});

test('a menu in which something is tried is read through nothing that lies behind it', async ({ lab }) => {
  test.slow();
  await lab.guide.open('http-only');
  await lab.guide.tryButton('http-only').click();
  const panel = lab.cookieOptions.box.locator('.panel');
  await expect(panel).toBeVisible();
  const seen = await panel.evaluate((element) => {
    const around: number[] = [];
    for (let at: Element | null = element; at; at = at.parentElement) around.push(Number(getComputedStyle(at).opacity));
    return Math.min(...around);
  });
  expect(seen).toBe(1);
  await lab.guide.stop.click();
  await expect(lab.guide.stop).toBeHidden();
});

test('put back restores the scheme, the options, the servers, the defences and the login', async ({ lab, words, context, complaints }) => {
  test.slow();
  await lab.hurry();
  complaints.foreseeRefusal(401, 'api/me');
  await lab.switch.choose('token-cookie');
  await lab.cookieOptions.set('HttpOnly', false);
  await lab.servers.adopt('clustering');
  await expect(lab.servers.preset('clustering')).toHaveAttribute('aria-pressed', 'true');
  await lab.actions.setDenylist(true);
  await lab.logIn('token-cookie', 'bob');
  await lab.actions.addToCart();
  await expect(lab.status).toHaveText(words.said.cart(1));
  const before = await lab.truth.view();
  await expect(lab.guide.putBack).toBeHidden();

  // Both claims change what was: what comes back is from before the first.
  await lab.guide.tryIt('token-logout');
  expect((await lab.truth.view()).defences).not.toEqual(before.defences);
  await expect(lab.guide.putBack).toBeVisible();
  await lab.guide.tryIt('http-forgets');
  expect((await lab.truth.view()).topology).toMatchObject({ nodes: 1 });

  await lab.guide.putBack.click();
  await expect(lab.status).toHaveText(words.said.putBack, { timeout: 20_000 });
  await expect(lab.guide.putBack).toBeHidden();
  const after = await lab.truth.view();
  expect(after.topology).toEqual(before.topology);
  expect(after.defences).toEqual(before.defences);
  await expect(lab.switch.radio('token-cookie')).toBeChecked();
  await expect(lab.cookieOptions.summary).not.toContainText('HttpOnly');
  await expect(lab.standing).toContainText('bob');
  const name = lab.cookieName('token-cookie');
  const [token] = (await context.cookies()).filter((cookie) => cookie.name === name);
  expect(token).toMatchObject({ httpOnly: false });
  expect(await lab.script()).toEqual({ cookie: `${name}=${token?.value}`, stored: null });
  expect(await lab.truth.meWith('token-cookie', token?.value ?? '')).toBe(200);
  const [, payload = ''] = (token?.value ?? '').split('.');
  expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ sub: 'bob', cart: ['pen'] });
  await lab.actions.whoAmI();
  await expect(lab.status).toHaveText(words.said.meAt('bob'));
});

test('put back leaves nobody logged in where nobody was', async ({ lab, words, context }) => {
  test.slow();
  await lab.hurry();
  await lab.guide.tryIt('session-row');
  expect(await lab.truth.rows()).toHaveLength(1);
  await lab.guide.putBack.click();
  await expect(lab.status).toHaveText(words.said.putBack, { timeout: 20_000 });
  expect(await lab.truth.rows()).toEqual([]);
  expect((await context.cookies()).filter(({ name }) => /^(__Host-)?(sid|token)$/.test(name))).toEqual([]);
  await expect(lab.standing).toContainText(words.standing.nobody);
});

test('what the visitor does by hand is not taken back', async ({ lab }) => {
  test.slow();
  await lab.hurry();
  await lab.guide.tryIt('token-string');
  await expect(lab.guide.putBack).toBeVisible();
  await lab.actions.logIn('bob');
  await expect(lab.standing).toContainText('bob');
  await expect(lab.guide.putBack).toBeHidden();
});

for (const { claim, by } of [
  { claim: 'http-only', by: 'measure' },
  { claim: 'http-forgets', by: 'measure' },
  { claim: 'token-restart', by: 'measure' },
  { claim: 'retry', by: 'try it' },
] as const) {
  test(`${by}, ${claim}: its rows are filled, and as predicted`, async ({ lab, words, complaints }) => {
    test.slow();
    complaints.tolerateExperiments();
    await lab.guide.open(claim);
    const rows = await lab.guide.rows(claim).all();
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) await expect(row.getByRole('cell').first()).toHaveText(words.guide.notMeasured);
    await (by === 'measure' ? lab.guide.measure(claim) : lab.strip.run(lab.guide.tryButton(claim)));
    for (const row of rows) {
      const [measured, predicted] = await row.getByRole('cell').allInnerTexts();
      expect(measured).not.toBe(words.guide.notMeasured);
      expect(predicted).not.toBe('');
      expect(measured).toBe(predicted);
      await expect(row.getByRole('cell').first()).not.toHaveClass(/unlike/);
    }
    expect(await lab.truth.rows(), 'nothing is left of it').toEqual([]);
  });
}

test('a claim that is measured is seen, too', async ({ lab, complaints }) => {
  test.slow();
  complaints.tolerateExperiments();
  await lab.guide.measure('retry');
  await expect(lab.guide.tick('retry')).toBeVisible();
  await expect(lab.guide.seen(1)).toBeVisible();
});

test('as many claims count as can be tried', async ({ lab, words }) => {
  const ids: string[] = [];
  for (const chapter of CHAPTERS) ids.push(...(await lab.guide.idsWithTry(chapter)));
  expect(words.guide.seen(0)).toContain(`${ids.length}`);
  await expect(lab.guide.seen(0)).toBeVisible();
  // Work is no milliseconds: its words say so.
  const all = await lab.page.locator('details[name="claim"]').evaluateAll((claims) => claims.map(({ id }) => id.replace('claim-', '')));
  expect(all.filter((id) => !ids.includes(id))).toEqual(['store-has-a-price']);
});
