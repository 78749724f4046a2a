// What the engines answered, as a Markdown page: nothing in it but answers, so that only an answer changes it.

/**
 * @typedef {import('./page.mjs').Found} Found
 * @typedef {{ name: string, version: string, found: Found[] }} Engine
 */

/** @param {Found} found */
const key = ({ experiment, scheme, question, setting }) => [experiment, scheme, question, setting].join('\n');

/** @param {Found} found */
export const isUnlike = ({ verdict }) => verdict !== 'as predicted' && verdict !== 'measured only';

/** @param {Found | undefined} found */
function cell(found) {
  if (!found) return 'not run';
  const both = `${found.predicted || '·'} / ${found.measured || 'not measured'}`;
  return isUnlike(found) ? `✗ **${both}**` : both;
}

/** @param {string[]} cells */
const row = (cells) => `| ${cells.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;

/** @param {Engine[]} engines */
function summary(engines) {
  const lines = engines.map(({ name, version, found }) =>
    row([`${name} ${version}`, `${found.length}`, `${found.filter(isUnlike).length}`]),
  );
  return [row(['engine', 'comparisons', 'not as predicted']), '|---|--:|--:|', ...lines];
}

/** @param {string} experiment @param {Engine[]} engines */
function section(experiment, engines) {
  /** @type {Map<string, Found>} */
  const comparisons = new Map();
  for (const { found } of engines)
    for (const one of found) if (one.experiment === experiment && !comparisons.has(key(one))) comparisons.set(key(one), one);
  const rows = [...comparisons].map(([its, { scheme, words, setting }]) => {
    const answers = engines.map(({ found }) => found.find((one) => key(one) === its));
    const differ = new Set(answers.flatMap((answer) => answer?.measured ?? [])).size > 1;
    return row([scheme, words, setting || 'usual', ...answers.map(cell), differ ? '≠' : '']);
  });
  const head = ['scheme', 'comparison', 'setting', ...engines.map(({ name }) => name), ''];
  return ['', `## ${experiment}`, '', row(head), `|${'---|'.repeat(head.length)}`, ...rows];
}

/** @param {string[]} experiments @param {Engine[]} engines */
export function table(experiments, engines) {
  const intro = [
    '# The experiments in three engines',
    '',
    'What the browsers themselves answered, over plain http: the page on `localhost`, the attacker on `127.0.0.1`. Each',
    'cell says *predicted / measured*; ✗ marks a measurement that is not as predicted, ≠ a row in which the engines',
    'differ, which is what predictions are made for each engine for. `make engines` wrote this page; run it again to',
    'have the answers of the versions that are installed with you. Whether a browser blocks third-party cookies is a setting',
    'of its profile, which it is asked for: another profile may have other rows under other-site and cookie-rules.',
    '',
  ];
  const sections = experiments.flatMap((experiment) => section(experiment, engines));
  return [...intro, ...summary(engines), ...sections, ''].join('\n');
}
