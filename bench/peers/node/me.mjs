// What a login is, and how long it lives, in seconds.

export const LIFETIME = 8 * 60 * 60;

/** Who logs in here. Nobody asks for a password: that is not what is measured. */
export const alice = () => ({ user: { name: 'alice', role: 'user' }, cart: [] });
