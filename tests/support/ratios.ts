/** The middle of an odd number of figures. */
export function median(figures: number[]): number {
  return [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)] ?? NaN;
}

/** The figure that 95 of 100 do not exceed. */
export function p95(figures: number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(0.95 * sorted.length))] ?? NaN;
}

/** How long something takes, in milliseconds. */
export async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** One line of a table: the first column wide, the others right-aligned. */
export function row(name: string, ...columns: string[]): void {
  console.log(name.padEnd(58) + columns.map((column) => column.padStart(16)).join(""));
}

/** Prints how a ratio compares with its goal; a miss makes the program fail. */
export function judge(name: string, ratio: number, goal: { least: number } | { most: number }): void {
  const met = "least" in goal ? ratio >= goal.least : ratio <= goal.most;
  const told = "least" in goal ? `at least ${goal.least}` : `at most ${goal.most}`;
  console.log(`${met ? "met   " : "MISSED"} ${name}: ${ratio.toFixed(3)} (goal: ${told})`);
  if (!met) process.exitCode = 1;
}
