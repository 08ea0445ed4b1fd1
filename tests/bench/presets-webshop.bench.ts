/**
 * `npm run bench -- presets-webshop [trajectories]`: precision and recall of each preset on recorded failures in WebShop-1k,
 * against a truth measured at every probed state with rollouts that no preset sees. Expert and agent are those of
 * tests/support/webshop-pair.ts, made up; the presets' parameters were not chosen on them. Each trajectory is mined several
 * times, each time from rollouts of its own that all presets share.
 *
 * A claim is the last segment of a beneficial stretch: success begins between its two states. `boundary`, as on the synthetic
 * trajectories: the measured rate is below .1 at the first and .25 or more at the second. `rise`: it is higher by .1 or more.
 */
import { existsSync } from "node:fs";
import type { RolloutOutcome } from "@/lib/core/evidence";
import { nextProbes } from "@/lib/core/planner";
import { CarefulConfig } from "@/lib/core/presets";
import { ADAPTIVE_RULE, type RuleVersion, type VerdictRule } from "@/lib/core/rule";
import { RunConfig } from "@/lib/core/run";
import { wilson } from "@/lib/core/statistics";
import {
  byThreshold,
  byVerdict,
  changes,
  countsOf,
  scoreOf,
  wrongsOf,
  type Claim,
  type Counts,
  type Mined,
} from "../support/profiles";
import {
  connectShop,
  MAX_STEPS,
  measureAll,
  poolOf,
  recordFailures,
  SHOP_DATA,
  type Measured,
} from "../support/webshop-truth";

const trajectories = Number(process.argv[2] ?? 220);
const TRUTH = 300;
/** Each trajectory is mined so often, from so many rollouts per state. */
const REPEATS = 4;
const POOL = 24;
const RESAMPLES = 1000;

/** Mines one measured trajectory: the attempt-th rollout of a state is the attempt-th of its pool. */
function mine(length: number, pool: Map<number, RolloutOutcome[]>, config: RunConfig): Mined {
  const rollouts: RolloutOutcome[] = [];
  for (let next = nextProbes(length, config, []); next.state === "probe";) {
    for (const { stateIndex, attempt } of next.probes) {
      const rollout = pool.get(stateIndex)?.[attempt];
      if (!rollout) throw new Error(`the pool has no rollout ${attempt} of state ${stateIndex}`);
      rollouts.push(rollout);
    }
    next = nextProbes(length, config, rollouts);
  }
  return { rollouts, length, calls: rollouts.reduce((sum, { stepCount }) => sum + stepCount, 0) };
}

type Truth = { rate: (t: number) => number; able: boolean; begins: (claim: Claim) => boolean };

function truthOf(measured: Measured): Truth {
  const rates = new Map(
    [...poolOf(measured, 0, TRUTH)].map(([t, rollouts]) => [
      t,
      rollouts.filter((rollout) => rollout.success === true).length / rollouts.length,
    ]),
  );
  const rate = (t: number) => rates.get(t) ?? NaN;
  const begins = ({ from, to }: Claim) => rate(from) < 0.1 && rate(to) >= 0.25;
  const states = measured.states.map(({ stateIndex }) => stateIndex);
  return { rate, begins, able: states.some((to, i) => i > 0 && begins({ from: states[i - 1] ?? 0, to })) };
}

type Rule = { name: string; claims: (mined: Mined) => Claim[]; rule: VerdictRule | null };
const verdicts = (alpha: number, ruleVersion: RuleVersion = "eef-1"): Rule => {
  const rule = { ruleVersion, alpha, minAttempts: 1 };
  return { name: `verdicts, ${ruleVersion}, α ${alpha}`, rule, claims: (mined) => byVerdict(mined, rule) };
};
const three: Rule = {
  ...{ name: "successes >= 3", rule: null },
  claims: (mined) => changes(mined, byThreshold(3)),
};
const shown = verdicts(0.975, ADAPTIVE_RULE);
const rows: [name: string, config: Partial<RunConfig>, ...Rule[]][] = [
  ["fixed n = 16", { preset: "uniform", attempts: 16 }, three, shown],
  ["paper", { preset: "paper" }, verdicts(0)],
  ["uniform k = 4", { preset: "uniform", attempts: 4 }, verdicts(0), verdicts(0.975)],
  ["uniform k = 8", { preset: "uniform", attempts: 8 }, verdicts(0), verdicts(0.975)],
  ["careful", { preset: "careful", careful: CarefulConfig.parse({ budget: POOL * 6 }) }, shown],
  ["find", { preset: "find" }, shown],
];

/** The middle 95 % of what a score is over trajectories drawn with replacement: those of one stay together. */
function interval(counts: Counts[][], of: (counts: Counts[]) => number): string {
  let seed = 1;
  const draw = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * counts.length);
  };
  const seen = Array.from({ length: RESAMPLES }, () => of(counts.flatMap(() => counts[draw()] ?? [])));
  seen.sort((a, b) => a - b);
  const at = (share: number) => (seen[Math.floor(share * RESAMPLES)] ?? NaN).toFixed(2);
  return `${of(counts.flat()).toFixed(2)} [${at(0.025)}, ${at(0.975)}]`;
}

function report(measured: Measured[]): void {
  console.log(
    "| preset | rule | rollouts | calls | fewer calls | recall (boundary) | precision (boundary) | precision (rise) | expected wrong | wrong | of verdicts |",
  );
  console.log("|---|---|---|---|---|---|---|---|---|---|---|");
  const truths = measured.map(truthOf);
  let reference = 0;
  for (const [name, change, ...rules] of rows) {
    const config = RunConfig.parse({ maxSteps: MAX_STEPS, ...change });
    const mined = measured.map((one) =>
      Array.from({ length: REPEATS }, (_, i) =>
        mine(one.length, poolOf(one, TRUTH + i * POOL, TRUTH + (i + 1) * POOL), config),
      ),
    );
    for (const { name: ruleName, claims, rule } of rules) {
      const countedBy = (isTrue: (truth: Truth) => (claim: Claim) => boolean): Counts[][] =>
        mined.map((repeats, i) => {
          const truth = truths[i];
          if (!truth) return [];
          return repeats.map((each) =>
            countsOf({ mined: each, claims: claims(each), able: truth.able, isTrue: isTrue(truth) }),
          );
        });
      const boundary = countedBy(({ begins }) => begins);
      const rise = countedBy(
        ({ rate }) =>
          ({ from, to }) =>
            rate(to) - rate(from) >= 0.1,
      );
      const wrongs = mined.flatMap((repeats, i) =>
        repeats.flatMap((each) => (rule ? [wrongsOf(each, rule, truths[i]?.rate ?? (() => NaN))] : [])),
      );
      const sum = (key: "claims" | "expected" | "wrong") =>
        wrongs.reduce((total, each) => total + each[key], 0);
      const { rollouts, calls } = scoreOf(boundary.flat());
      reference ||= calls;
      console.log(
        `| ${name} | ${ruleName} | ${rollouts.toFixed(1)} | ${calls.toFixed(0)} | ${(reference / calls).toFixed(2)}x ` +
          `| ${interval(boundary, (counts) => scoreOf(counts).recall)} ` +
          `| ${interval(boundary, (counts) => scoreOf(counts).precision)} ` +
          `| ${interval(rise, (counts) => scoreOf(counts).precision)} ` +
          `| ${rule ? `${sum("expected").toFixed(0)} | ${sum("wrong")} | ${sum("claims")}` : "– | – | –"} |`,
      );
    }
  }
}

if (existsSync(SHOP_DATA)) {
  const environment = await connectShop();
  const { failures, solved } = await recordFailures(environment, trajectories);
  const { measured, fresh, seconds } = await measureAll(environment, failures, TRUTH + REPEATS * POOL);
  const states = measured.reduce((sum, one) => sum + one.states.length, 0);
  const truths = measured.map(truthOf);
  const able = truths.filter((truth) => truth.able).length;
  const none = measured.map((one, i) => one.states.every((s) => (truths[i]?.rate(s.stateIndex) ?? 1) < 0.1));
  console.log(
    `${failures.length} failures of the expert (it solved ${solved} besides), ${states} probed states, ${TRUTH} rollouts of ` +
      `the agent at each for the truth and ${REPEATS} x ${POOL} for the presets (${fresh} trajectories measured now, in ` +
      `${seconds.toFixed(0)} s; the others were known). Success begins, from below .1 to .25 or more, in ${able}; ` +
      `${none.filter(Boolean).length} stay below .1 everywhere. A measured .25 is known to ` +
      `[${wilson({ attempts: TRUTH, successes: TRUTH / 4 })
        .map((p) => p.toFixed(2))
        .join(", ")}].\n`,
  );
  report(measured);
} else console.log(`skipped: ${SHOP_DATA} is not there`);
