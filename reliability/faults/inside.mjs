// What is done to a lab from within, and to the process that has it: a server of the lab stops, the clock goes forward, the
// process is killed and started again.

/** @typedef {import('./fault.mjs').Fault} Fault */
/** @typedef {import('./fault.mjs').Effect} Effect */
/** @typedef {import('../labs.mjs').Lab} Lab */

/** Longer than any login lives. */
const LONGER = 30_000;

/** Which node of a lab is stopped: of three the second, and else the only one. @param {Lab} lab */
const stopped = ({ plan: { nodes = 1 } }) => (nodes > 1 ? 2 : 1);

/** @param {import('../visitor.mjs').Visitor} visitor @returns {Effect | undefined} */
function ofNode({ lab: { plan }, isSession }) {
  if (plan.part !== 'nodes') return undefined;
  const away = plan.nodes ? {} : /** @type {const} */ ({ away: 'node' });
  return { cuts: 'node', loses: isSession && plan.store === 'memory', ...away };
}

/** @param {readonly Lab[]} labs @param {string} what */
const tell = (labs, what) =>
  Promise.all(labs.filter(({ plan }) => plan.part === 'nodes').map((lab) => lab.control('POST', `nodes/${stopped(lab)}/${what}`)));

/** @param {readonly Lab[]} labs @returns {Fault} */
export const nodeStopped = (labs) => ({
  name: "A lab's server stopped and started",
  effect: ofNode,
  felt: [503],
  isQuiet: true,
  begin: () => tell(labs, 'stop'),
  end: () => tell(labs, 'start'),
});

/** @param {readonly Lab[]} labs @returns {Fault} */
export const clockForward = (labs) => ({
  name: 'The clock goes forward by 30,000 s',
  effect: ({ lab }) => (lab.plan.part === 'clock' ? { loses: true } : undefined),
  felt: [401],
  isMoment: true,
  begin: () => Promise.all(labs.filter(({ plan }) => plan.part === 'clock').map((lab) => lab.control('POST', 'clock', { advance: LONGER }))),
  end: async () => {},
});

/**
 * Whatever lay in its memory is gone, and no token from before is good. What lies in a store may be good again, but for
 * what had ended.
 * @param {() => import('../programs.mjs').Server} server @param {() => Promise<void>} again
 * @param {import('../load.mjs').Load} load @param {readonly Lab[]} labs @returns {Fault}
 */
export const processStartedAgain = (server, again, load, labs) => ({
  name: 'The process killed, and started again',
  effect: () => ({ cuts: 'process', loses: true, away: 'room' }),
  felt: [0],
  begin: () => server().stop('SIGKILL'),
  end: () =>
    load.alone(async () => {
      await again();
      for (const lab of labs) await lab.make();
    }),
});
