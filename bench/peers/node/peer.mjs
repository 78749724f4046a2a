// What `make bench` holds Login Lab against, of Express: small servers with its route and its answer, each as its
// library's own documentation shows it.
//
//   node peer.mjs sessions | sessions-redis REDIS_URL | token

import express from 'express';
import { overSessions } from './sessions.mjs';
import { overTokens } from './token.mjs';

const [kind, url] = process.argv.slice(2);
const app = express();
app.disable('x-powered-by');
if (kind === 'sessions' || (kind === 'sessions-redis' && url)) await overSessions(app, url);
else if (kind === 'token') overTokens(app);
else throw new Error('usage: node peer.mjs sessions | sessions-redis REDIS_URL | token');

const listener = app.listen(0, '127.0.0.1', () => console.log(listener.address().port));
