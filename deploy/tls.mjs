// Login Lab behind HAProxy that ends TLS, with a certificate made for it. Run as a script it starts Redis and memcached
// beside it, as end2end/serve.mjs does without TLS.

import { execFile } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startMemcached, startRedis } from '../end2end/serve.mjs';
import { at, places, ports, startProxy, startServer, three } from './behind.mjs';

/**
 * @typedef {object} Certificate made here for localhost and 127.0.0.1, good for a day, its own authority
 * @property {string} file whom to trust
 * @property {string} withKey what HAProxy reads
 * @property {string} hash of its public key, as Chromium wants it
 */

/** @param {string} directory where it goes, with its key @returns {Promise<Certificate>} */
async function certificate(directory) {
  const [key, file, withKey] = ['key.pem', 'certificate.pem', 'both.pem'].map((name) => join(directory, name));
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  await promisify(execFile)('openssl', ['req', ...kind, ...names, '-keyout', key, '-out', file]);
  const pem = await readFile(file, 'utf8');
  await writeFile(withKey, pem + (await readFile(key, 'utf8')), { mode: 0o600 });
  const spki = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' });
  return { file, withKey, hash: createHash('sha256').update(spki).digest('base64') };
}

/**
 * One port for http and https, as both are one name to whoever says no port: what begins as TLS does goes one way, all
 * else the other.
 * @param {number} port @param {{ tls: number, plain: number }} ways
 */
async function door(port, { tls, plain }) {
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set();
  const keep = (/** @type {import('node:net').Socket} */ socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const listener = createServer((near) => {
    keep(near);
    near.once('data', (first) => {
      // A handshake is 22 (RFC 8446 §5.1).
      const far = connect(first[0] === 22 ? tls : plain, '127.0.0.1');
      keep(far);
      far.write(first);
      near.pipe(far).pipe(near);
      near.on('close', () => far.destroy());
      far.on('close', () => near.destroy());
    });
  }).listen(port, '127.0.0.1');
  await once(listener, 'listening');
  return {
    stop: async () => {
      listener.close();
      for (const socket of sockets) socket.destroy();
      await once(listener, 'close');
    },
  };
}

/**
 * @typedef {object} Site
 * @property {number} page the port of the page, at https://localhost
 * @property {number} attacker the port of the attacker, at https://127.0.0.1
 * @property {number} plain the port where plain http is sent to https
 * @property {number} named a port where the host name decides: localhost is the page, 127.0.0.1 the attacker
 * @property {Certificate} certificate
 * @property {import('../end2end/serve.mjs').Running[]} servers
 * @property {() => Promise<void>} stop
 */

/**
 * Three processes behind HAProxy, on free ports.
 * @param {{ onePort?: boolean }} how whether plain http is understood at the page's port, too
 * @param {string[]} args for the processes @returns {Promise<Site>}
 */
export async function startTls({ onePort = false } = {}, ...args) {
  const directory = await mkdtemp(join(tmpdir(), 'login-lab-tls-'));
  /** @type {{ stop: () => Promise<void> }[]} */
  const started = [];
  const stop = async () => {
    await Promise.all(started.map((program) => program.stop()));
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const made = await certificate(directory);
    const [page = 0, attacker = 0, plain = 0, inner = 0] = await ports(4);
    const settings = ['--public-origin', `https://localhost:${page}`, '--attacker-origin', `https://127.0.0.1:${attacker}`];
    const servers = await three(async () => {
      const server = await startServer(undefined, ...settings, '--trusted-proxy', '127.0.0.1', ...args);
      started.push(server);
      return server;
    });
    const named = onePort ? inner : page;
    const env = { TLS_CERTS: made.withKey, PAGE: at(named), ATTACKER: at(attacker), PLAIN: at(plain), ATTACKER_NAME: '127.0.0.1' };
    started.push(await startProxy('haproxy.cfg', { ...env, ...places(servers) }, named));
    if (onePort) started.push(await door(page, { tls: inner, plain }));
    return { page, attacker, plain, named, certificate: made, servers, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const stores = await Promise.all([startRedis(), startMemcached()]);
  const [redis, memcached] = stores.map((store) => store.port);
  const site = await startTls({}, '--redis-url', `redis://127.0.0.1:${redis}`, '--memcached-url', `127.0.0.1:${memcached}`);
  const stop = async () => {
    await Promise.all([site, ...stores].map((program) => program.stop()));
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  console.log(`Login Lab: https://localhost:${site.page} with ${site.certificate.file} ${site.certificate.hash}`);
}
