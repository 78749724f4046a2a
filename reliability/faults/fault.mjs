// What a fault is, and what a stage is on which several are made one after the other.

/** @typedef {import('../visitor.mjs').Visitor} Visitor */
/** @typedef {import('../judge.mjs').Effect} Effect */
/** @typedef {import('../load.mjs').Round} Round */

/**
 * @typedef {object} Fault
 * @property {string} name
 * @property {(visitor: Visitor) => Effect | undefined} effect what it may do to whom
 * @property {() => Promise<unknown>} begin
 * @property {() => Promise<unknown>} end returns when the cause is over
 * @property {boolean} [isMoment] it is over as soon as it was begun; what `end` does must be felt by nobody
 * @property {boolean} [isQuiet] nobody writes just before it, for what is under way between nodes may be lost with one
 * @property {readonly number[]} felt one of these must be answered to somebody whom it concerns, or nothing was broken
 * @property {() => boolean} [isFelt] the same, where no status says so
 * @property {() => Promise<string[]>} [also] what else is wrong, looked at in the end
 */

/**
 * What is started, who asks it, and what is broken.
 * @typedef {object} Stage
 * @property {string} name
 * @property {readonly import('../programs.mjs').Server[]} servers all that were started
 * @property {import('../load.mjs').Load} load
 * @property {readonly import('../labs.mjs').Lab[]} labs
 * @property {readonly Fault[]} faults
 * @property {readonly string[]} notRun what cannot be made here, and why
 * @property {() => Promise<void>} stop
 */

/**
 * Those whose sessions lie in a store. Who has a token does not need it.
 * @param {import('../labs.mjs').Store} store @param {Effect} effect @returns {Fault['effect']}
 */
export const ofStore = (store, effect) => (visitor) =>
  visitor.isSession && visitor.lab.plan.store === store ? effect : undefined;

/** A store that does not answer. @type {Effect} */
export const AWAY = { away: 'store' };
/** A store that does not answer, and has forgotten. @type {Effect} */
export const EMPTY = { away: 'store', loses: true };
