// docs/performance.md: its head, and the part that `make bench` writes. Others write theirs beside it.

import { access, readFile, writeFile } from 'node:fs/promises';
import { cpus, release, totalmem, type } from 'node:os';
import { basename, join } from 'node:path';
import { table, writePart } from '../reliability/report.mjs';
import { chart } from './chart.mjs';
import { figures, middle } from './rounds.mjs';
import { median, ratios, spread } from './statistics.mjs';
import { CONNECTIONS } from './wrk.mjs';

/** @typedef {import('./rounds.mjs').Contender} Contender */
/** @typedef {import('./rounds.mjs').Rounds} Rounds */
/** @typedef {import('./lines.mjs').Line} Line */
/** @typedef {import('./page.mjs').Page} Page */

const root = join(import.meta.dirname, '..');

const HEAD = `# Performance

What each choice costs, measured beside others who do the same. Each part says which command wrote it, and on which machine;
yours gives other figures, so run the command there. What is compared was measured in one run, by turns.
`;

/** What this was measured on. */
export const machine = () =>
  `${cpus()[0]?.model.trim() ?? 'an unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, ${type()} ${release()}, Node.js ${process.version}`;

/** @param {readonly Line[]} lines */
export const verdicts = (lines) =>
  table(
    ['what', 'goal', 'value', 'spread', 'verdict'],
    lines.map(({ what, goal, value, spread, verdict, isMet }) => [what, goal, value, spread, isMet ? verdict : `**${verdict}**`]),
  );

const whole = (/** @type {number} */ value) => Math.round(value).toLocaleString('en-US');
const ms = (/** @type {number} */ value) => `${value.toFixed(2)} ms`;

/** @param {readonly Contender[]} contenders @param {Rounds} results */
export const requests = (contenders, results) =>
  table(
    ['who', 'requests a second', 'spread', 'p50', 'p99', 'of axum alone'],
    contenders.map(({ id, name }) => {
      const perSecond = figures(results, id, 'perSecond');
      const share = median(ratios(perSecond, figures(results, 'bare', 'perSecond')));
      return [name, whole(median(perSecond)), spread(perSecond).map(whole).join(' to '), ms(middle(results, id, 'p50')), ms(middle(results, id, 'p99')), share.toFixed(2)];
    }),
  );

/** @param {readonly Contender[]} contenders @param {Rounds} results @param {'perSecond' | 'p99'} figure @param {(value: number) => string} say */
function bars(contenders, results, figure, say) {
  return contenders.map(({ id, name, kind }) => {
    const values = figures(results, id, figure);
    const [from, to] = spread(values);
    return { name, kind, from, to, value: median(values), said: say(median(values)) };
  });
}

/**
 * @param {string} file @param {readonly Line[]} lines @param {readonly Contender[]} contenders @param {Rounds} results
 * @param {{ rounds: number, seconds: number, late: string }} how
 */
export async function write(file, lines, contenders, results, { rounds, seconds, late }) {
  const tokens = await readFile(join(root, 'style/tokens.css'), 'utf8');
  const [perSecond, p99] = [file.replace(/\.md$/, '.svg'), file.replace(/\.md$/, '-p99.svg')];
  await writeFile(perSecond, chart('Requests a second: more is better', bars(contenders, results, 'perSecond', whole), tokens));
  await writeFile(p99, chart('99 of 100 answers come within: less is better', bars(contenders, results, 'p99', ms), tokens));
  await access(file).catch(() => writeFile(file, HEAD));
  const met = lines.filter(({ isMet }) => isMet).length;
  await writePart(file, 'server', `## The server

\`make bench\` wrote this on ${machine()}. Meanwhile ${late}.

${met} of ${lines.length} goals are met. A line is judged by the median of its rounds; *spread* is the least and the most of them. A
ratio is taken within each round.

${verdicts(lines)}

Of 100 event streams the lab that is loaded has 32, for that is the most that one takes; other labs have the rest. Who reads
them is on this machine, too, and takes its share of it. A crowd has 1,000 visitors, one request in five changes a cart. Many
sessions lie in as many labs as it takes with 64 in each, the most that one has.

### \`GET api/me\`, somebody logged in

![Requests a second](${basename(perSecond)})

![How long answers take](${basename(p99)})

${requests(contenders, results)}

\`wrk\` keeps ${CONNECTIONS} connections busy over loopback, from one thread; each asks again as soon as it is answered. All are up at once,
one after the other is loaded, in another order in each of ${rounds} rounds of ${seconds} s. *axum alone* gives the same answer and checks
nothing: nobody can be faster. *Login Lab* checks, counts and records each request as it always does. The peers are small programs
in \`bench/peers/\`, as their libraries' own documentation shows them, one process each, Express with \`NODE_ENV=production\`. Session
IDs come in cookies, tokens as \`Authorization: Bearer\`. \`redis-benchmark\` asks Redis alone over as many connections.
`);
}

const bytes = (/** @type {number} */ value) => value.toLocaleString('en-US');

/** What comes before the visitor moves, and what took from a score. @param {Page} page */
export function fetches({ load, wanting }) {
  const rows = load.map(({ url, type, wire, raw }) => [`${type}, \`${nameOf(url)}\``, bytes(wire), bytes(raw)]);
  const sum = (/** @type {'wire' | 'raw'} */ which) => bytes(load.reduce((all, fetched) => all + fetched[which], 0));
  const took = wanting.length ? `\n\nWhat took from a score of Lighthouse: ${wanting.join('; ')}.` : '';
  return `${table(['what', 'bytes on the wire', 'unpacked'], [...rows, ['**in all**', sum('wire'), sum('raw')]])}${took}`;
}

/** The last part of a path, without what is another each time. @param {string} url */
const nameOf = (url) => new URL(url).pathname.replace(/^\/lab\/[\w-]{22}/, '/lab/…').replace(/\.[\w-]{22}(?=\.)/, '').replace('/pkg/', '');

/** @param {string} file @param {Page} page @param {{ rounds: number, late: string }} how */
export async function writePage(file, page, { rounds, late }) {
  const met = page.lines.filter(({ isMet }) => isMet).length;
  await writePart(file, 'page', `## The page

\`make bench\` wrote this on ${machine()}. Meanwhile ${late}.

${met} of ${page.lines.length} goals are met. ${rounds} rounds, judged as above.

${verdicts(page.lines)}

A visitor opens \`/\`, is led to a lab of their own, and does nothing. In the language that takes more, this comes over the wire, heads of
answers included:

${fetches(page)}

Lighthouse has a browser of its own each time, and simulates the net and the processor of its forms. The *empty Leptos page*
(\`bench/empty/\`) is one heading that Leptos hydrates, built and compressed as ours is; both are looked at by turns. Clicks are a
visitor's own, over loopback, and timed until the frame begins that shows what they did; before a log-out goes a login, which is not
timed. The crowd is sent from the page. Memory is what scripts and WebAssembly have after garbage was collected.
`);
}

/** @param {string} file @param {readonly Line[]} lines @param {string} late */
export async function writeBuild(file, lines, late) {
  const met = lines.filter(({ isMet }) => isMet).length;
  await writePart(file, 'build', `## The build

\`make bench\` wrote this on ${machine()}. Meanwhile ${late}.

${met} of ${lines.length} goals are met.

${verdicts(lines)}

In a fresh clone, with none of the build's own tools installed; the crates may have been fetched before. The edit is one of a view,
and the page is open in a browser all the time. The small change is a line in a file of the server.
`);
}
