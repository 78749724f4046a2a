// Packs the built page for the wire: each file is compressed, with brotli and gzip, once and for good. In its code, what is
// alike comes to lie side by side before, for brotli. Nothing of what it does changes.
//
//   node scripts/pack.mjs target/site
//
// The linker leaves each constant in a segment of its own, so that those of later files can go there; what stays is put
// together again. And functions are sorted by their types and by what they do, as a compiler that writes the same for many
// types leaves hundreds that differ in a few bytes.

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const [folder] = process.argv.slice(2);
const packages = process.env.BINARYEN_PACKAGES;
if (!folder || !packages) throw new Error('run it by scripts/with-tools.sh build, with the folder of the built page');
const { default: binaryen } = await import(pathToFileURL(join(packages, 'binaryen/index.js')).href);

/** As many zeros between two segments cost less than the head of another one. */
const GAP = 256;
/** The custom section that names functions, and the part of it that does. */
const CUSTOM = 0;
const FUNCTION_NAMES = 1;

/** A number as WebAssembly writes it (LEB128). @param {number} number @returns {number[]} */
const leb = (number) => (number < 128 ? [number] : [(number & 127) | 128, ...leb(number >>> 7)]);

/** @param {number[]} bytes */
const sized = (bytes) => [...leb(bytes.length), ...bytes];
const text = (/** @type {string} */ words) => sized([...Buffer.from(words)]);

/** Puts segments together that lie beside each other. */
function mergeData(module) {
  // Only the file that has the memory itself can say anew what lies in it.
  if (!module.hasMemory() || module.getMemoryInfo().module !== '') return;
  const all = Array.from({ length: module.getNumDataSegments() }, (_, at) => module.getDataSegmentInfo(module.getDataSegmentByIndex(at)));
  if (all.some(({ passive }) => passive)) throw new Error('there is a segment without a place');
  const merged = [];
  for (const { offset, data } of all.sort((one, other) => one.offset - other.offset)) {
    const last = merged.at(-1);
    const bytes = Buffer.from(data);
    const gap = last ? offset - last.offset - last.length : Infinity;
    if (gap < 0) throw new Error('segments overlap');
    if (gap < GAP) {
      last.parts.push(Buffer.alloc(gap), bytes);
      last.length += gap + bytes.length;
    } else {
      merged.push({ offset, parts: [bytes], length: bytes.length });
    }
  }
  const { initial, max, shared } = module.getMemoryInfo();
  const segments = merged.map(({ offset, parts }) => ({ offset: module.i32.const(offset), data: Buffer.concat(parts) }));
  module.setMemory(initial, max ?? -1, null, segments, shared);
}

/** The module with its functions in this order: as names, which a pass of binaryen sorts by. */
function ordered(bytes) {
  const module = binaryen.readBinary(bytes);
  const functions = Array.from({ length: module.getNumFunctions() }, (_, at) => {
    const { params, results, body } = binaryen.getFunctionInfo(module.getFunctionByIndex(at));
    // An imported one has no body, and keeps its place.
    return { at, isOurs: body !== 0, kind: `${params} ${results}`, does: body ? binaryen.emitText(body) : '' };
  });
  module.dispose();
  const sorted = functions.filter(({ isOurs }) => isOurs);
  sorted.sort((one, other) => compare(one.kind, other.kind) || one.does.length - other.does.length || compare(one.does, other.does));
  const names = sorted
    .map(({ at }, place) => ({ at, name: `f${String(place).padStart(6, '0')}` }))
    .sort((one, other) => one.at - other.at)
    .flatMap(({ at, name }) => [...leb(at), ...text(name)]);
  const section = [...text('name'), FUNCTION_NAMES, ...sized([...leb(sorted.length), ...names])];
  const named = binaryen.readBinary(Buffer.concat([bytes, Buffer.from([CUSTOM, ...sized(section)])]));
  named.runPasses(['reorder-functions-by-name']);
  const whole = Buffer.from(named.emitBinary());
  named.dispose();
  return whole;
}

/** @param {string} one @param {string} other */
const compare = (one, other) => (one < other ? -1 : one > other ? 1 : 0);

function packed(bytes) {
  const module = binaryen.readBinary(bytes);
  mergeData(module);
  const merged = module.emitBinary();
  module.dispose();
  return ordered(merged);
}

function brotli(bytes) {
  const params = { [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return brotliCompressSync(bytes, { params });
}

const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
for (const path of all.filter((path) => statSync(path).isFile() && !/\.(br|gz)$/.test(path))) {
  const built = readFileSync(path);
  const bytes = path.endsWith('.wasm') ? packed(built) : built;
  if (bytes !== built) writeFileSync(path, bytes);
  writeFileSync(`${path}.br`, brotli(bytes));
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
}
