// Every experiment with every scheme: what is measured in Chromium is what was predicted.

import { isCookie, isSession, type Scheme, schemes } from '../../api.ts';
import { expect, test } from '../../fixtures.ts';
import type { Comparison } from '../../panels/verdict.ts';

const axes = {
  carrier: ['script-reads', 'script-acts', 'other-site', 'reload', 'cookie-wall', 'ports'],
  credential: [
    'copy-after-logout',
    'role-change',
    'restart',
    'expiry',
    'tampered',
    'store-copied',
    'fixation',
    'growth',
    'cost',
    'refresh',
  ],
  http: ['stateless', 'retry', 'cache', 'any-server'],
  servers: ['problem', 'sticky', 'clustering', 'separate'],
};

// What differs from its prediction, or was not measured.
const unlike = (found: Comparison[]) => found.filter(({ verdict }) => !/^(as predicted|measured only)$/.test(verdict));

/** What Chromium says of requests that an experiment sends because they are refused, and of scripts that a policy stops. */
const meant = [
  /^Failed to load resource: the server responded with a status of (400|401|403|502) /,
  /^Failed to load resource: net::ERR_(CONNECTION_RESET|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING|CONNECTION_CLOSED)/,
  // Asked of the cache alone, which has nothing.
  /^Failed to load resource: net::ERR_CACHE_MISS/,
  /^Executing inline script violates the following Content Security Policy directive/,
  /^Content security policy: script-src-elem kept out inline/,
  // Another site may send a request, but not look at its answer, nor frame a page.
  /^Failed to load resource: net::ERR_BLOCKED_BY_RESPONSE\.NotSameOrigin/,
  /^Framing '[^']+' violates the following Content Security Policy directive: "frame-ancestors 'none'"/,
];

/** What can be asked of a scheme: a session has no use for a refresh token, and localStorage has no cookie to drop. */
const applies = (experiment: string, scheme: Scheme) =>
  experiment === 'refresh' ? !isSession(scheme) : experiment === 'cookie-wall' ? isCookie(scheme) : true;

for (const scheme of schemes) {
  for (const [axis, experiments] of Object.entries(axes)) {
    test(`${scheme}: ${axis}`, async ({ lab, complaints }) => {
      test.setTimeout(360_000);
      for (const reason of meant) complaints.tolerate(reason);
      await lab.switch.choose(scheme);
      const run = [];
      for (const experiment of experiments) if (await lab.experiments.run(experiment, 240_000)) run.push(experiment);
      const found = await lab.verdict.measured();
      expect(unlike(found)).toEqual([]);
      expect([...new Set(found.map(({ experiment }) => experiment))]).toEqual(run);
      expect(run).toEqual(experiments.filter((experiment) => applies(experiment, scheme)));
    });
  }
}

test('the cookie rules, whole', async ({ lab, complaints }) => {
  test.setTimeout(360_000);
  for (const reason of meant) complaints.tolerate(reason);
  await lab.experiments.run('cookie-rules', 300_000);
  const found = await lab.verdict.measured();
  expect(unlike(found)).toEqual([]);
  expect(found.length).toBeGreaterThan(8);
});

for (const scheme of schemes.filter(isCookie)) {
  test(`${scheme}: a defence that is switched off changes what is measured`, async ({ lab, complaints }) => {
    for (const reason of meant) complaints.tolerate(reason);
    await lab.switch.choose(scheme);
    await lab.experiments.run('script-reads');
    const reads = (await lab.verdict.measured()).filter(({ question }) => question === 'script-reads');
    const said = (setting: RegExp) => reads.filter((one) => setting.test(one.setting)).map(({ measured }) => measured);
    expect(new Set(reads.map(({ measured }) => measured))).toEqual(new Set(['yes', 'no']));
    expect(said(/^$/)).toEqual(['no']);
    expect(said(/^HttpOnly off$/)).toEqual(['yes']);
    expect(said(/guestbook CSP/)).toEqual(['no']);
  });
}
