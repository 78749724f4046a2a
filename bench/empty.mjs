// Serves the empty page (bench/empty), compressed as ours is: its files as brotli made them once for good, the document as
// the server has it made for each answer.

import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const built = join(import.meta.dirname, '../target/bench/empty/pkg');
const html = join(import.meta.dirname, 'empty/index.html');

/** How hard the server tries with a page: `QUALITY` in server/src/http/layers/compression.rs. */
const QUALITY = 5;

const TYPES = new Map([
  ['.js', 'text/javascript'],
  ['.wasm', 'application/wasm'],
]);

/** Starts it, on a free port. */
export async function startEmpty() {
  if (!existsSync(join(built, 'empty.wasm.br'))) throw new Error('the empty page is not built yet: run `make bench`');
  const files = new Map(
    ['empty.js', 'empty.wasm'].map((name) => [`/pkg/${name}`, { type: TYPES.get(extname(name)) ?? '', body: readFileSync(join(built, `${name}.br`)) }]),
  );
  const params = { [constants.BROTLI_PARAM_QUALITY]: QUALITY };
  files.set('/', { type: 'text/html; charset=utf-8', body: brotliCompressSync(readFileSync(html), { params }) });
  const server = createServer((request, response) => {
    const file = files.get(request.url ?? '');
    if (!file) return response.writeHead(404).end();
    const headers = { 'content-type': file.type, 'content-length': file.body.length, 'content-encoding': 'br', 'cache-control': 'no-cache' };
    return response.writeHead(200, headers).end(file.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('a listener without a port');
  return { url: `http://localhost:${address.port}/`, stop: () => server.close() };
}
