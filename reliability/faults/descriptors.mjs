// Descriptors run out: first those that the server has planned with, then all that there are.

import { connect } from 'node:net';
import { Client } from '../client.mjs';
import { makeLabs, nextAddress } from '../labs.mjs';
import { Load, sleep } from '../load.mjs';
import { startServer } from '../programs.mjs';
import { limit } from './sqlite.mjs';

/** @typedef {import('./fault.mjs').Fault} Fault */

/** So many are allowed: enough for the lane of 2 × 128 that answers when there is no room, and for about 40 connections. */
const DESCRIPTORS = 400;
/** More than there is room for, with the lane. */
const FLOOD = 300;

/** Those who come without a connection find no room. @type {(away: import('../judge.mjs').Effect) => Fault['effect']} */
const ofNewcomers =
  (away) =>
  ({ lab }) =>
    lab.plan.part === 'newcomers' ? away : undefined;

/** Waits until whoever comes finds no room. Where that never happens nobody feels the fault, which says so. @param {number} port */
async function noRoom(port) {
  const client = new Client(port, nextAddress(), false);
  for (let n = 0; n < FLOOD; n++) {
    const { status } = await client.ask('GET', '/');
    if (status === 503 || status === 0) return;
  }
}

/** Connections are opened until none is taken any more, and again whenever one ends. @param {number} port @returns {Fault} */
function connectionsTaken(port) {
  /** @type {Set<import('node:net').Socket>} */
  const open = new Set();
  let isOn = false;
  /** @type {string[]} */
  const unwell = [];
  let asked = 0;
  let asking = Promise.resolve();
  const one = () => {
    if (!isOn) return;
    const socket = connect({ host: '127.0.0.1', port, localAddress: nextAddress() });
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      open.delete(socket);
      // A server that is asked as fast as it can be would answer nobody else.
      if (isOn) setTimeout(one, 500);
    });
  };
  const askHealth = async () => {
    const client = new Client(port, nextAddress(), false);
    while (isOn) {
      const { status, body } = await client.ask('GET', '/healthz');
      asked += 1;
      if (status !== 200) unwell.push(`${status} ${body}`);
      await sleep(50);
    }
  };
  return {
    name: `No room for connections (ulimit -n ${DESCRIPTORS})`,
    effect: ofNewcomers({ away: 'room', cuts: 'process' }),
    felt: [503],
    async begin() {
      [isOn, asked] = [true, 0];
      unwell.length = 0;
      for (let n = 0; n < FLOOD; n++) one();
      await noRoom(port);
      asking = askHealth();
    },
    async end() {
      isOn = false;
      await asking;
      for (const socket of open) socket.destroy();
    },
    async also() {
      return [
        ...(asked < 20 ? [`/healthz was asked ${asked} times only`] : []),
        ...(unwell.length > 0 ? [`/healthz failed ${unwell.length} times of ${asked}: ${unwell[0]}`] : []),
      ];
    },
  };
}

/** The limit is set to what is in use: whoever comes is not even accepted. @param {import('../programs.mjs').Server} server @returns {Fault} */
function descriptorsGone(server) {
  let waited = 0;
  return {
    name: 'No descriptors at all (EMFILE)',
    effect: ofNewcomers({ away: 'room', cuts: 'process' }),
    felt: [0, 503],
    isFelt: () => waited > 1000,
    async begin() {
      waited = 0;
      await limit(server, `--nofile=${Math.max(8, (await server.descriptors()) - 8)}:`);
      const client = new Client(server.port, nextAddress(), false);
      void client.ask('GET', '/healthz').then(({ sent, received }) => (waited = received - sent));
    },
    end: () => limit(server, `--nofile=${DESCRIPTORS}:`),
  };
}

/** @returns {Promise<import('./fault.mjs').Stage>} */
export async function descriptors() {
  const server = await startServer([], `ulimit -n ${DESCRIPTORS}`);
  const { labs, visitors } = await makeLabs(server.port, [
    { part: 'others', store: 'memory', labs: 4 },
    { part: 'newcomers', store: 'memory', labs: 2 },
  ]);
  return {
    name: 'one process with few descriptors',
    ...{ servers: [server], labs, load: new Load(visitors), notRun: [] },
    faults: [connectionsTaken(server.port), descriptorsGone(server)],
    stop: () => server.stop(),
  };
}
