// Whether an answer may be so. Nothing here asks anybody or looks at a clock: what was asked, what came back and what is
// being broken go in, and what is wrong comes out. judge.test.mjs shows of each check that it can fail.

/** How long after a cause's end all has to be well again, in milliseconds. */
export const RECOVERY = 2000;

/**
 * What a fault may do to a visitor. Whoever is not concerned has none of it.
 * @typedef {object} Effect
 * @property {'store' | 'node' | 'room'} [away] `503` may come: of a store, which says when to come back, or because no node is up, or no room
 * @property {boolean} [loses] logins from before its end may be gone: `401`
 * @property {'node' | 'process'} [cuts] what is under way may be cut: `502`, or where a process is killed no answer at all
 */

/**
 * From when until when something is broken, in milliseconds. It lasts while `end` is Infinity.
 * @typedef {{ begin: number, end: number }} Span
 */

/**
 * What a visitor logs in with: an id or a token.
 * @typedef {object} Credential
 * @property {string} value
 * @property {number} since
 * @property {number} [over] since when it must not be good any more
 * @property {boolean} [mayBeOver] a logout was not answered, so it may have ended, or may still
 */

/**
 * @typedef {object} Asked
 * @property {'me' | 'add' | 'empty' | 'login' | 'logout'} what
 * @property {Credential | undefined} credential the one that went along
 * @property {string} user whose it is
 * @property {ReadonlySet<string>} has items that were put into this cart, and answered with 200
 * @property {ReadonlySet<string>} mayHave items of which nobody knows, for the answer did not come
 * @property {boolean} unsure whether the cart was emptied nobody knows either
 * @property {boolean} ends whether a logout must end this login
 * @property {number} lag how long after an end the other nodes may not know of it yet
 */

/**
 * @typedef {object} Answer
 * @property {number} status 0: none came
 * @property {string} body
 * @property {string | undefined} retryAfter
 * @property {number} sent
 * @property {number} received
 */

/**
 * `late` is a `503` that should not be: a store, a password or a connection that was not there in time. It is as wrong as the
 * others, though a machine that is busy with other things can bring it about, too.
 * @typedef {'somebody else' | 'revived' | 'lost item' | 'status' | 'late'} Kind
 */
/** @typedef {{ kind: Kind, detail: string }} Finding */

/** @param {Kind} kind @param {string} detail @returns {Finding} */
const finding = (kind, detail) => ({ kind, detail });

/** Whether a request may have met what is broken, or what still recovers from it. @param {Answer} answer @param {Span} span */
export const met = ({ sent, received }, { begin, end }) => received >= begin && sent <= end + RECOVERY;

/** Whether a credential must not be good. @param {Asked} asked @param {Answer} answer */
const isOver = ({ credential, lag }, { sent }) => credential?.over !== undefined && sent >= credential.over + lag;

/** A body, if it is the object that it should be. @param {string} body @returns {Record<string, unknown> | undefined} */
function read(body) {
  try {
    const value = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whose answer it is, and what is in the cart. @param {Asked} asked @param {string} body @returns {Finding | undefined} */
function judgeIdentity(asked, body) {
  const said = read(body);
  if (!said) return finding('status', `200 with ${body.slice(0, 60)}`);
  if (asked.what === 'me' || asked.what === 'login') {
    const user = /** @type {{ name?: unknown } | undefined} */ (said.user);
    if (user?.name !== asked.user) return finding('somebody else', `${asked.user} was answered as ${String(user?.name)}`);
  }
  if (asked.what === 'logout' && asked.ends && said.revoked !== true) return finding('status', 'a logout that has ended nothing');
  if (asked.what !== 'me') return undefined;
  if (!Array.isArray(said.cart)) return finding('status', '200 without a cart');
  /** @type {string[]} */
  const cart = said.cart;
  const foreign = cart.find((item) => !asked.has.has(item) && !asked.mayHave.has(item));
  if (foreign !== undefined) return finding('somebody else', `${asked.user} has ${foreign}, which is not in this cart`);
  const lost = [...asked.has].find((item) => !cart.includes(item));
  return lost === undefined || asked.unsure ? undefined : finding('lost item', `${lost} was put there and is gone`);
}

/**
 * What is wrong with an answer; nothing, if it may be so.
 * @param {Asked} asked @param {Answer} answer
 * @param {Effect | undefined} effect what is being broken may do to this visitor @param {Span} span when it is
 * @returns {Finding | undefined}
 */
export function judge(asked, answer, effect, span) {
  const { status } = answer;
  const may = effect && met(answer, span) ? effect : {};
  if (status === 200) {
    if (isOver(asked, answer)) return finding('revived', `${asked.what} with a login that is over was answered with 200`);
    return judgeIdentity(asked, answer.body);
  }
  if (status === 401) {
    if (asked.credential?.over !== undefined || asked.credential?.mayBeOver) return undefined;
    if (asked.what !== 'login' && may.loses && asked.credential && asked.credential.since <= span.end + RECOVERY) return undefined;
    return finding('status', `${asked.what}: 401 for a login that should be good`);
  }
  if (status === 503) {
    if (!may.away && may.cuts !== 'process') return finding('late', `${asked.what}: 503 (${detail(answer.body)})`);
    const mustSay = may.away === 'store' || may.away === 'room';
    return mustSay && !answer.retryAfter ? finding('status', `${asked.what}: 503 without Retry-After`) : undefined;
  }
  if (status === 502 && may.cuts) return undefined;
  if (status === 0 && may.cuts === 'process') return undefined;
  return finding('status', `${asked.what}: ${status === 0 ? `no answer, ${answer.body}` : `${status} (${detail(answer.body)})`}`);
}

/** Of a problem document what it says. @param {string} body */
const detail = (body) => String(read(body)?.detail ?? body).slice(0, 80);

/** @param {readonly number[]} values @param {number} share 0 to 1 @returns {number} NaN of none */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/**
 * What came of a fault.
 * @typedef {object} Outcome
 * @property {string} name
 * @property {number} requests
 * @property {number} over those with a login that is over
 * @property {ReadonlyMap<number, number>} statuses of those whom it concerns and whose login is not over, while it lasted and a little after
 * @property {readonly Finding[]} findings
 * @property {readonly number[]} recoveries of each lab that it concerns, in milliseconds; Infinity: it did not recover
 * @property {number} othersFailed answers of 500 and more, or none at all, to those whom it does not concern
 * @property {number} before their p99 before it, in milliseconds
 * @property {number} during and while it lasted
 * @property {boolean} felt whether it did anything to anybody
 * @property {readonly string[]} also what else is wrong
 */

/** A p99 over this is one that waits for something, for a store's deadline is 300 ms; and a busy machine is no fault. */
const WAITS = 150;
const TIMES = 3;

/** Why a fault was not borne; nothing, if it was. @param {Outcome} outcome @returns {string[]} */
export function verdict({ findings, recoveries, othersFailed, before, during, felt, also }) {
  const slowest = Math.max(...recoveries);
  return [
    ...(findings.length > 0 ? [`${findings.length} unexpected`] : []),
    ...(recoveries.length === 0 ? ['no lab was concerned'] : []),
    ...(slowest > RECOVERY ? [Number.isFinite(slowest) ? `recovered in ${Math.round(slowest)} ms` : 'a lab did not recover'] : []),
    ...(othersFailed > 0 ? [`${othersFailed} failed for others`] : []),
    ...(during > WAITS && during > TIMES * before ? ['others waited'] : []),
    ...(felt ? [] : ['the fault was not felt']),
    ...also,
  ];
}
