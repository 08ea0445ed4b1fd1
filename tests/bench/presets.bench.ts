/**
 * `npx tsx tests/bench/presets.bench.ts [trajectories]`: what each preset costs and finds on the synthetic trajectories of
 * reliability.md 3.4. The parameters were chosen on another seed than the one reported here.
 */
import { probedStates } from "@/lib/core/plan";
import { CarefulConfig, FindConfig } from "@/lib/core/presets";
import type { RuleVersion } from "@/lib/core/rule";
import type { RunConfig } from "@/lib/core/run";
import {
  byTest,
  byThreshold,
  byVerdict,
  changes,
  LENGTH,
  mineMany,
  score,
  truthOf,
  type Claim,
  type Mined,
} from "../support/profiles";

const CHOOSING_SEED = 1_000_000;
const REPORTING_SEED = 770_000_000;
const trajectories = Number(process.argv[2] ?? 3000);

type Rule = [name: string, claims: (mined: Mined) => Claim[]];
type Row = [name: string, config: Partial<RunConfig>, ...rules: Rule[]];

const successes = (threshold: number): Rule => [
  `successes >= ${threshold}`,
  (mined) => changes(mined, byThreshold(threshold)),
];
const tested = (most: number): Rule => ["state test", (mined) => changes(mined, byTest(most))];
const verdicts = (alpha: number, ruleVersion: RuleVersion = "eef-1"): Rule => [
  `${ruleVersion}, α ${alpha}`,
  (mined) => byVerdict(mined, { ruleVersion, alpha, minAttempts: 1 }),
];
const both: Rule[] = [verdicts(0.975), verdicts(0.975, "eef-2")];
const careful = (change: Partial<CarefulConfig>): Partial<RunConfig> => ({
  preset: "careful",
  careful: CarefulConfig.parse(change),
});
const find = (change: Partial<FindConfig>): Partial<RunConfig> => ({
  preset: "find",
  find: FindConfig.parse(change),
});

function rowsFor(states: number): Row[] {
  const interval = probedStates(LENGTH, states)[1] ?? 1;
  return [
    ["fixed n = 16", { preset: "uniform", attempts: 16 }, successes(3), ...both],
    ["paper", { preset: "paper", attempts: 1 }, verdicts(0)],
    ["uniform k = 4", { preset: "uniform", attempts: 4 }, successes(1), verdicts(0.975)],
    ["careful", careful({ budget: 24 * (states + 1) }), tested(24), ...both],
    ["careful, most 16", careful({ most: 16, budget: 16 * (states + 1) }), tested(16), ...both],
    ["find", find({ finest: interval }), tested(24), ...both],
    ["find, hopeless 0.9", find({ finest: interval, hopeless: 0.9 }), tested(24), ...both],
    ["find, to one action", find({}), tested(24), ...both],
  ];
}

function report(seed: number, states: number, hopelessShare: number): void {
  console.log(`\nM = ${states}, ${hopelessShare} hopeless, seed ${seed}, ${trajectories} trajectories\n`);
  console.log("| preset | rule | rollouts | calls | fewer calls | recall | precision |");
  console.log("|---|---|---|---|---|---|---|");
  let reference = 0;
  for (const [name, config, ...rules] of rowsFor(states)) {
    const mined = mineMany({ seed, trajectories, states, hopelessShare }, config);
    for (const [rule, claims] of rules) {
      const s = score(
        mined.map(({ profile, mined }) => ({ ...truthOf(profile), mined, claims: claims(mined) })),
      );
      reference ||= s.calls;
      const [fewer, recall, precision] = [reference / s.calls, s.recall, s.precision];
      console.log(
        `| ${name} | ${rule} | ${s.rollouts.toFixed(1)} | ${s.calls.toFixed(0)} | ${fewer.toFixed(2)}x ` +
          `| ${recall.toFixed(3)} | ${precision.toFixed(3)} |`,
      );
    }
  }
}

console.log(`chosen on seed ${CHOOSING_SEED}, reported on others`);
report(CHOOSING_SEED, 5, 0.5);
for (const hopelessShare of [0.5, 0.3, 0.8]) report(REPORTING_SEED, 5, hopelessShare);
report(REPORTING_SEED, 15, 0.5);
