// What several rounds come to. A ratio is taken within each round, so that a moment at which the machine was slow counts for
// both sides.

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const [before = NaN, after = NaN] = [sorted[half - 1], sorted[half]];
  return sorted.length % 2 ? after : (before + after) / 2;
}

/** The least and the most. @param {readonly number[]} values @returns {[number, number]} */
export const spread = (values) => [Math.min(...values), Math.max(...values)];

/** The one that so many of a hundred do not go beyond. @param {readonly number[]} values @param {number} percent */
export const percentile = (values, percent) => values.toSorted((a, b) => a - b)[Math.ceil((values.length * percent) / 100) - 1] ?? NaN;

/** These to those, round by round. @param {readonly number[]} these @param {readonly number[]} those */
export function ratios(these, those) {
  if (these.length !== those.length) throw new Error(`${these.length} rounds beside ${those.length}`);
  return these.map((value, round) => value / (those[round] ?? NaN));
}

/** In another order each round, so that nobody always comes after the same one. @template T @param {readonly T[]} all @param {number} round */
export function turned(all, round) {
  const first = round % all.length;
  return [...all.slice(first), ...all.slice(0, first)];
}
