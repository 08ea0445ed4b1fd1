/**
 * Numbers as people read them, the same on server and client (always en, never the machine's locale).
 * formatCount 12,345 · formatCapped 1,000+ · formatPercent 37 % · formatReward 0.67 · formatTokens 1.2 M ·
 * formatProbability .975 · formatRatio 3/4 · formatMoney 3.75 · formatDuration 3 min 20 s · formatBytes 1.2 MB
 * plural(2, "step") 2 steps
 */
const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

export function formatCount(count: number): string {
  return grouped.format(count);
}

export function formatCapped(count: { count: number; capped: boolean }): string {
  return formatCount(count.count) + (count.capped ? "+" : "");
}

/** @param rate 0..1 */
export function formatPercent(rate: number): string {
  return `${Math.round(rate * 100)} %`;
}

/** A reward of 0..1 with two digits; never rounds a failure up to 1.00. */
export function formatReward(reward: number | null): string {
  if (reward === null) return "–";
  return reward < 1 && reward >= 0.995 ? "0.99" : reward.toFixed(2);
}

/** P as statisticians print it, rounded down: .9749 must not read as if it reached .975. */
export function formatProbability(p: number): string {
  if (p < 0.001) return "< .001";
  return (Math.floor(p * 1000) / 1000).toFixed(3).replace(/^0/, "");
}

export function formatRatio(tally: { successes: number; attempts: number }): string {
  return `${tally.successes}/${tally.attempts}`;
}

export function formatTokens(tokens: number): string {
  if (tokens < 1000) return String(tokens);
  if (tokens < 1_000_000) return `${short(tokens / 1000)} k`;
  return `${short(tokens / 1_000_000)} M`;
}

function short(value: number): string {
  return value < 9.95 ? value.toFixed(1).replace(/\.0$/, "") : String(Math.round(value));
}

/** An amount of money without its currency, to what matters: 0.0042, 3.75, 1,200. */
export function formatMoney(amount: number): string {
  if (amount > 0 && amount < 0.01) return amount < 0.0001 ? "< 0.0001" : amount.toPrecision(2);
  return amount < 1000 ? amount.toFixed(2) : formatCount(amount);
}

export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const rest = minutes % 60;
  return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** A size in steps of 1000, as disks are sold. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let [size, unit] = [bytes, 0];
  // What would read as 1000 of a unit is 1 of the next.
  const full = () => size >= (unit === 0 ? 1000 : 999.5) && unit < units.length - 1;
  while (full()) [size, unit] = [size / 1000, unit + 1];
  return `${unit === 0 ? size : short(size)} ${units[unit]}`;
}

/** `plural(1, "step")` is "1 step", `plural(3, "query", "queries")` is "3 queries". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
