// Writes a part of docs/reliability.md: what stands between two marks, and nothing else.

import { readFile, writeFile } from 'node:fs/promises';

/**
 * A document with a part of it written anew: in its place if it has one, and else at the end.
 * @param {string} document @param {string} name @param {string} text
 */
export function withPart(document, name, text) {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const part = `${open}\n${text.trim()}\n${close}`;
  const [from, to] = [document.indexOf(open), document.indexOf(close)];
  if (from < 0 && to < 0) return `${document.trimEnd()}\n\n${part}\n`;
  if (from < 0 || to < from) throw new Error(`the marks ${open} and ${close} do not stand around a part`);
  return document.slice(0, from) + part + document.slice(to + close.length);
}

/** @param {string} file @param {string} name @param {string} text */
export async function writePart(file, name, text) {
  await writeFile(file, withPart(await readFile(file, 'utf8'), name, text));
}

/** @param {readonly string[]} head @param {readonly (readonly string[])[]} rows */
export const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** The file after `--write`, if there is one. */
export function whereToWrite() {
  const flag = process.argv.indexOf('--write');
  return flag < 0 ? undefined : process.argv[flag + 1];
}

/** @param {number} n */
export const grouped = (n) => n.toLocaleString('en-US');
