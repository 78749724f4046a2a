// Sessions by express-session: in this process's memory, or in a Redis.

import { RedisStore } from 'connect-redis';
import session from 'express-session';
import { createClient } from 'redis';
import { alice, LIFETIME } from './me.mjs';

/** @param {import('express').Express} app @param {string} [url] a Redis */
export async function overSessions(app, url) {
  const client = url && (await createClient({ url }).connect());
  app.use(
    session({
      secret: 'this secret is known to everyone',
      resave: false,
      saveUninitialized: false,
      cookie: { maxAge: LIFETIME * 1000, sameSite: 'lax' },
      ...(client && { store: new RedisStore({ client }) }),
    }),
  );
  app.post('/api/login', (request, response) => {
    request.session.login = alice();
    response.sendStatus(200);
  });
  app.get('/api/me', (request, response) => {
    const { login, cookie } = request.session;
    if (!login) response.sendStatus(401);
    else response.json({ ...login, scheme: 'session-cookie', expires_in: Math.round(cookie.maxAge / 1000) });
  });
}
