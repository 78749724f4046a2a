// What the programs that load say is read right, and what says nothing good is no figure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLookups } from './lookups.mjs';
import { readBenchmark, sentBy } from './redis.mjs';
import { readSizes } from './sizes.mjs';
import { read } from './wrk.mjs';

const SAID = `Running 2s test @ http://127.0.0.1:4000/api/me
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   371.60us  123.49us   4.81ms   87.05%
    Req/Sec    86.51k     2.48k   90.40k    75.00%
  Latency Distribution
     50%  356.00us
     75%  402.00us
     90%  512.00us
     99%    1.25ms
  172142 requests in 2.00s, 52.70MB read
Requests/sec:  86000.12
Transfer/sec:     26.33MB
`;

test('of wrk the rate and two percentiles are read, in milliseconds', () => {
  assert.deepEqual(read(SAID), { perSecond: 86000.12, p50: 0.356, p99: 1.25 });
  assert.equal(read(SAID.replace('99%    1.25ms', '99%    1.02s ')).p99, 1020);
});

test('a round in which a request was refused or broke off is none', () => {
  for (const wrong of ['  Non-2xx or 3xx responses: 3', '  Socket errors: connect 0, read 2, write 0, timeout 0']) {
    assert.throws(() => read(SAID.replace('Requests/sec', `${wrong}\nRequests/sec`)), /not every request was answered/);
  }
  assert.throws(() => read(SAID.replace('86000.12', '0.00')), /no answers/);
  assert.throws(() => read(SAID.replace(/.*99%.*\n/, '')), /did not say its 99 %/);
});

test('of redis-benchmark the figures of GET are read, wherever they stand', () => {
  const said = `"test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms","max_latency_ms"
"GET","101010.10","0.163","0.056","0.159","0.239","0.311","0.743"
`;
  assert.deepEqual(readBenchmark(said), { perSecond: 101010.1, p50: 0.159, p99: 0.311 });
  assert.throws(() => readBenchmark(said.replace('"GET"', '"SET"')), /said something else/);
  assert.throws(() => readBenchmark(said.replace('p99_latency_ms', 'p98')), /said something else/);
});

test('what a script does inside Redis is no command that was sent', () => {
  const said = `+1785238000.100001 [0 127.0.0.1:50000] "EVALSHA" "abc" "1" "sessions"
+1785238000.100002 [0 lua] "ZSCORE" "sessions" "id"
+1785238000.100003 [0 lua] "GET" "session:id"
+1785238000.100004 [0 [::1]:50001] "GET" "session:other"
`;
  assert.equal(sentBy(said), 2);
});

test('every size is read, whether its goal was met or missed', () => {
  const said = `|  | in all | each | goal |  |
| --- | --- | --- | --- | --- |
| 10,000 labs at rest | 115 MB | 11.7 KB | 20 KB | held |
| 500 labs with 200 exchanges each | 178 MB | 365.2 KB | 200 KB | **missed** |
`;
  assert.deepEqual(readSizes(said), [
    { what: '10,000 labs at rest', mb: 115, kb: 11.7, goal: 20 },
    { what: '500 labs with 200 exchanges each', mb: 178, kb: 365.2, goal: 200 },
  ]);
  assert.throws(() => readSizes('error: Linux alone tells'), /no sizes were measured/);
});

test('a store that was not measured is missed', () => {
  const of = (/** @type {string} */ store) => JSON.stringify({ store, few: 1000, many: 1_000_000, rounds: [[1, 1.2]] });
  assert.deepEqual(readLookups(['memory', 'sqlite', 'redis'].map(of).join('\n')).map(({ rounds }) => rounds[0]?.[1]), [1.2, 1.2, 1.2]);
  assert.throws(() => readLookups(['memory', 'sqlite'].map(of).join('\n')), /not every store was measured: memory,sqlite/);
});
