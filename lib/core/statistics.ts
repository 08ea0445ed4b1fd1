/** Attempts and successes of independent rollouts from one state; `attempts` counts completed rollouts only. */
export type Tally = { attempts: number; successes: number };

/** z of a two-sided 95 % interval. */
const Z95 = 1.959963984540054;

/**
 * Wilson score interval, 95 %, for a success rate.
 * @returns [low, high] within 0..1; [0, 1] when there are no attempts
 * Source: Wilson 1927; reference values in eef.md section 5
 */
export function wilson({ attempts, successes }: Tally): [number, number] {
  if (attempts === 0) return [0, 1];
  const rate = successes / attempts;
  const z2 = Z95 * Z95;
  const centre = rate + z2 / (2 * attempts);
  const spread = Z95 * Math.sqrt((rate * (1 - rate)) / attempts + z2 / (4 * attempts * attempts));
  const scale = 1 + z2 / attempts;
  const low = successes === 0 ? 0 : Math.max(0, (centre - spread) / scale);
  const high = successes === attempts ? 1 : Math.min(1, (centre + spread) / scale);
  return [low, high];
}

/** Simpson intervals over the angle; the integrand is a trigonometric polynomial, so this is exact to ~1e-12 for n <= 1000. */
const INTERVALS = 2048;

/** A run compares the same few tallies over and over, and each costs two thousand exponentials. */
const known = new Map<string, number>();
const MOST_KNOWN = 20_000;

/**
 * P(p_after > p_before) under independent Jeffreys posteriors Beta(x + 1/2, n - x + 1/2).
 * @returns 0..1; 0.5 when both tallies are equal
 * Source: eef.md section 5 (beyond the paper)
 */
export function probabilityGreater(after: Tally, before: Tally): number {
  const key = `${after.successes}/${after.attempts} ${before.successes}/${before.attempts}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size >= MOST_KNOWN) known.clear();
  const probability = integrate(after, before);
  known.set(key, probability);
  return probability;
}

/** Substituting p = sin² θ removes the end-point singularities of the prior, leaving smooth integrands. */
function integrate(after: Tally, before: Tally): number {
  const fa = angleDensity(after);
  const fb = angleDensity(before);
  let cumulative = 0;
  let below = 0;
  let total = 0;
  let totalAfter = 0;
  for (let i = 0; i < INTERVALS; i += 2) {
    const step = simpsonWeights(fb, i);
    const middle = cumulative + step.firstHalf;
    const end = cumulative + step.whole;
    const [a0, a1, a2] = [fa[i] ?? 0, fa[i + 1] ?? 0, fa[i + 2] ?? 0];
    below += (a0 * cumulative + 4 * a1 * middle + a2 * end) / 3;
    totalAfter += (a0 + 4 * a1 + a2) / 3;
    cumulative = end;
    total = end;
  }
  return Math.min(1, Math.max(0, below / (total * totalAfter)));
}

/** Integral of three samples over their first interval and over both (unit spacing). */
function simpsonWeights(f: Float64Array, i: number): { firstHalf: number; whole: number } {
  const [f0, f1, f2] = [f[i] ?? 0, f[i + 1] ?? 0, f[i + 2] ?? 0];
  return { firstHalf: (5 * f0 + 8 * f1 - f2) / 12, whole: (f0 + 4 * f1 + f2) / 3 };
}

/** Unnormalised density of θ where p = sin² θ, scaled to peak near 1 so that large tallies do not underflow. */
function angleDensity({ attempts, successes }: Tally): Float64Array {
  const failures = attempts - successes;
  const rate = attempts === 0 ? 0 : successes / attempts;
  const logAt = (p: number) =>
    (successes === 0 ? 0 : successes * Math.log(p)) + (failures === 0 ? 0 : failures * Math.log1p(-p));
  const peak = attempts === 0 ? 0 : logAt(rate);
  const density = new Float64Array(INTERVALS + 1);
  for (let i = 0; i <= INTERVALS; i++) {
    const sine = Math.sin((i / INTERVALS) * (Math.PI / 2));
    const log = logAt(sine * sine);
    density[i] = Number.isNaN(log) ? 0 : Math.exp(log - peak);
  }
  return density;
}

/**
 * P(p > rate) under the Jeffreys posterior Beta(x + 1/2, n - x + 1/2).
 * @param rate 0..1
 * @returns 0..1, within 1e-3 of exact for tallies up to n = 1000; successes need not be whole
 * Source: eef.md section 5 (beyond the paper)
 */
export function probabilityAbove(tally: Tally, rate: number): number {
  const density = angleDensity(tally);
  const at = (Math.asin(Math.sqrt(Math.min(1, Math.max(0, rate)))) / (Math.PI / 2)) * INTERVALS;
  let [above, total] = [0, 0];
  for (let i = 0; i < INTERVALS; i++) {
    const area = ((density[i] ?? 0) + (density[i + 1] ?? 0)) / 2;
    total += area;
    above += area * Math.min(1, Math.max(0, i + 1 - at));
  }
  return above / total;
}
