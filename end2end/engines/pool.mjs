// Some jobs at a time.

/**
 * Does all jobs, at most `width` at once, and returns what came of them in the order in which they were given.
 * @template T @param {number} width @param {(() => Promise<T>)[]} jobs
 */
export async function pooled(width, jobs) {
  /** @type {T[]} */
  const results = new Array(jobs.length);
  const waiting = jobs.entries();
  const worker = async () => {
    for (const [at, job] of waiting) results[at] = await job();
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
