// A chart of bars, as SVG: a line for each, with its name, its bar and its number. Its colours are the page's own, for light
// and for dark.

/**
 * A bar. `from` and `to` are the least and the most of its rounds.
 * @typedef {{ name: string, value: number, from: number, to: number, kind: keyof typeof COLOURS, said: string }} Bar
 */

/** Which colour of style/tokens.css each kind has. */
export const COLOURS = { limit: 'soft', lab: 'server', axum: 'browser', node: 'wire' };
const SURFACES = ['paper', 'ink', 'line'];

const WIDTH = 772;
const ROW = 30;
const TOP = 52;
/** Where names end and bars begin, and how long the longest bar is. */
const LEFT = 264;
const LONGEST = 400;

/** The light and the dark value of a colour. @param {string} tokens style/tokens.css @param {string} name @returns {[string, string]} */
export function colour(tokens, name) {
  const [, light, dark] = new RegExp(`--${name}: light-dark\\((#[0-9a-f]+), (#[0-9a-f]+)\\)`).exec(tokens) ?? [];
  if (!light || !dark) throw new Error(`style/tokens.css has no colour ${name}`);
  return [light, dark];
}

const escaped = (/** @type {string} */ text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** @param {string} tokens */
function style(tokens) {
  const names = [...SURFACES, ...new Set(Object.values(COLOURS))];
  const values = (/** @type {0 | 1} */ n) => names.map((name) => `--${name}: ${colour(tokens, name)[n]};`).join(' ');
  return `svg { ${values(0)} font: 13px system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { svg { ${values(1)} } }
text { fill: var(--ink); } .title { font-size: 16px; font-weight: 600; } .name { text-anchor: end; }
.paper { fill: var(--paper); } .axis { stroke: var(--line); } .spread { stroke: var(--ink); }
${Object.entries(COLOURS).map(([kind, name]) => `.${kind} { fill: var(--${name}); }`).join(' ')}`;
}

/** @param {string} title @param {readonly Bar[]} bars @param {string} tokens style/tokens.css */
export function chart(title, bars, tokens) {
  const most = Math.max(...bars.map(({ to }) => to));
  const x = (/** @type {number} */ value) => (LEFT + (value / most) * LONGEST).toFixed(1);
  const height = TOP + bars.length * ROW + 16;
  const rows = bars.map(({ name, value, from, to, kind, said }, n) => {
    const [y, middle] = [TOP + n * ROW, TOP + n * ROW + ROW / 2];
    return `<g><text class="name" x="${LEFT - 10}" y="${middle + 4}">${escaped(name)}</text>
<rect class="${kind}" x="${LEFT}" y="${y + 5}" width="${((value / most) * LONGEST).toFixed(1)}" height="${ROW - 10}" rx="3"/>
<path class="spread" d="M${x(from)} ${middle}H${x(to)}"/>
<text x="${(Number(x(to)) + 8).toFixed(1)}" y="${middle + 4}">${escaped(said)}</text></g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title">
<title id="title">${escaped(title)}</title>
<style>${style(tokens)}</style>
<rect class="paper" width="${WIDTH}" height="${height}" rx="8"/>
<text class="title" x="20" y="32">${escaped(title)}</text>
<path class="axis" d="M${LEFT} ${TOP}V${height - 16}"/>
${rows.join('\n')}
</svg>
`;
}
