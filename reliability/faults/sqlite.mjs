// SQLite: another process holds the file, the disk is full, the file may not grow.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, rm } from 'node:fs/promises';
import { run } from '../programs.mjs';
import { AWAY, ofStore } from './fault.mjs';

/** @typedef {import('./fault.mjs').Fault} Fault */
/** @typedef {() => import('../programs.mjs').Server} Which the process, as it is now */

/** Python has SQLite at hand, and Node.js 20 has not. It holds on until its input ends. */
const HOLD = `
import sqlite3, sys
file = sqlite3.connect(sys.argv[1], timeout=10, isolation_level=None)
file.execute('BEGIN EXCLUSIVE')
print('held', flush=True)
sys.stdin.read()
file.execute('ROLLBACK')
`;

/** @param {() => string} file @param {() => string[]} inside what a program is started with to see it @returns {Fault} */
export function sqliteLocked(file, inside) {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let holder;
  return {
    name: 'SQLite locked by another process',
    effect: ofStore('sqlite', AWAY),
    felt: [503],
    async begin() {
      const [program = '', ...args] = [...inside(), 'python3', '-c', HOLD, file()];
      holder = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
      const said = await Promise.race([once(holder.stdout ?? holder, 'data'), once(holder, 'exit').then(() => undefined)]);
      if (!said) throw new Error('the file of SQLite could not be held');
    },
    async end() {
      if (!holder) return;
      const ended = once(holder, 'exit');
      holder.stdin?.end();
      await ended;
    },
  };
}

/** Whether this system lets anybody have a disk of their own, seen by one process alone. */
export const canMount = () => run('unshare', '-rm', 'mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', '/mnt');

/** Empties the log in which changes are written first, which else has room from before. */
const SHORTEN = `
import sqlite3, sys
sqlite3.connect(sys.argv[1], timeout=10).execute('PRAGMA wal_checkpoint(TRUNCATE)')
`;

/**
 * What is left of the disk on which the file lies is taken.
 * @param {() => string} file as it is seen from here @param {() => string} own and as the process calls it
 * @param {() => string[]} inside what a program is started with to see that @returns {Fault}
 */
export const sqliteDiskFull = (file, own, inside) => ({
  name: 'SQLite on a full disk',
  effect: ofStore('sqlite', AWAY),
  felt: [503],
  async begin() {
    const [program = '', ...args] = [...inside(), 'python3', '-c', SHORTEN, own()];
    if (!(await run(program, ...args))) throw new Error('the log of SQLite could not be shortened');
    const filler = await open(`${file()}.filler`, 'w');
    try {
      for (let bytes = 65_536; bytes >= 512; ) {
        try {
          await filler.write(Buffer.alloc(bytes));
        } catch {
          bytes /= 2;
        }
      }
    } finally {
      await filler.close();
    }
  },
  end: () => rm(`${file()}.filler`),
});

/** The process is forbidden to write beyond the first page of any file. @param {Which} server @returns {Fault} */
export const sqliteFileLimit = (server) => ({
  name: 'SQLite may not grow its file (RLIMIT_FSIZE)',
  effect: ofStore('sqlite', AWAY),
  felt: [503],
  begin: () => limit(server(), '--fsize=4096:'),
  end: () => limit(server(), '--fsize=unlimited:'),
});

/** @param {import('../programs.mjs').Server} server @param {string} what */
export async function limit(server, what) {
  if (!(await run('prlimit', '--pid', `${server.pid}`, what))) throw new Error(`prlimit ${what} did not work`);
}
