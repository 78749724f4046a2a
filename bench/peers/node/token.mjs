// A token by jsonwebtoken, HS256, which a middleware verifies.

import jwt from 'jsonwebtoken';
import { alice, LIFETIME } from './me.mjs';

const SECRET = 'this secret is known to everyone';

function verified(request, response, next) {
  const [, token] = /^Bearer (.+)$/.exec(request.get('authorization') ?? '') ?? [];
  try {
    request.claims = jwt.verify(token, SECRET, { algorithms: ['HS256'] });
  } catch {
    response.sendStatus(401);
    return;
  }
  next();
}

/** @param {import('express').Express} app */
export function overTokens(app) {
  app.post('/api/login', (_, response) => {
    response.json({ access_token: jwt.sign(alice(), SECRET, { algorithm: 'HS256', expiresIn: LIFETIME }) });
  });
  app.get('/api/me', verified, ({ claims: { user, cart, exp } }, response) => {
    response.json({ user, cart, scheme: 'token-storage', expires_in: exp - Math.floor(Date.now() / 1000) });
  });
}
