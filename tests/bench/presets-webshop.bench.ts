/**
 * `npx tsx tests/bench/presets-webshop.bench.ts [trajectories] [rollouts]`: precision and recall of each preset on recorded
 * failures of the strong shopper in WebShop-1k, mined with the weak one. The truth is measured at every state with
 * rollouts that no preset sees: a claim is true when they tell its two states apart. So many pairs are compared that this asks
 * P >= .9995; at .975 most of what is called true is chance. What chance alone would give is printed. Every preset draws from
 * the same other rollouts.
 */
import { paperRule } from "@/lib/core/rule";
import { existsSync } from "node:fs";
import type { RolloutOutcome } from "@/lib/core/evidence";
import { PAPER_STATES } from "@/lib/core/paper";
import { probedStates, seedOf } from "@/lib/core/plan";
import { nextProbes } from "@/lib/core/planner";
import { runProbe, type Recorder } from "@/lib/core/probe";
import { recordEpisode } from "@/lib/core/record";
import { RunConfig } from "@/lib/core/run";
import { probabilityGreater } from "@/lib/core/statistics";
import type { TrajectoryDraft } from "@/lib/core/trajectory";
import { webshop } from "@/lib/environments/webshop/environment";
import { connectPolicy } from "../support/policies";
import { byTest, byThreshold, byVerdict, changes, score, type Claim, type Mined } from "../support/profiles";

const data = "../shared/data/webshop-1k";
const trajectories = Number(process.argv[2] ?? 200);
/** Rollouts per state that tell the truth; the presets draw from as many as the largest of them may take. */
const TRUTH = Number(process.argv[3] ?? 64);
const POOL = 32;
const MAX_STEPS = 15;
/** A beginning of success is true at this probability. */
const TRUE_AT = 0.9995;
const { signal } = new AbortController();

const shopConfig = webshop.Config.parse({
  catalogue: {
    kind: "files",
    items: `${data}/items_shuffle_1000.json`,
    instructions: `${data}/items_ins_v2_1000.json`,
    nouns: `${data}/product_nouns_nltk.json`,
  },
});

type Measured = { length: number; pool: RolloutOutcome[][] };

async function recordFailures() {
  const environment = await webshop.connect(shopConfig);
  const policy = connectPolicy("shopper-strong", {}, null);
  const failures: TrajectoryDraft[] = [];
  let solved = 0;
  for (const subtask of await environment.subtasks()) {
    if (failures.length === trajectories) break;
    const seed = (index: number) => seedOf(0, subtask.subtaskKey, { stateIndex: 0, attempt: 0 }, index);
    const task = {
      environment,
      environmentName: "webshop",
      driverId: "webshop",
      subtask,
      policy,
      seed,
      signal,
    };
    const draft = await recordEpisode({ ...task, source: "expert", maxSteps: MAX_STEPS });
    if (draft.success) solved += 1;
    else failures.push(draft);
  }
  return { environment, failures, solved };
}

async function measure(
  environment: Awaited<ReturnType<typeof webshop.connect>>,
  failure: TrajectoryDraft,
): Promise<Measured> {
  const policy = connectPolicy("shopper-weak", {}, null);
  const recorder: Recorder = { startCall: async () => true, recordStep: async () => true };
  const pool: RolloutOutcome[][] = [];
  for (let stateIndex = 0; stateIndex < failure.steps.length; stateIndex++) {
    const here: RolloutOutcome[] = [];
    for (let attempt = 0; attempt < POOL + TRUTH; attempt++) {
      let stepCount = 0;
      const counting: Recorder = {
        ...recorder,
        startCall: async () => {
          stepCount += 1;
          return true;
        },
      };
      const end = await runProbe({
        environment,
        policy,
        conversation: { driverId: "webshop", instruction: failure.instruction, opening: failure.opening },
        subtaskKey: failure.subtaskKey,
        expertSteps: failure.steps,
        probe: { stateIndex, attempt },
        maxSteps: MAX_STEPS,
        successThreshold: environment.capabilities.successThreshold,
        seed: (index) => seedOf(1, failure.subtaskKey, { stateIndex, attempt }, index),
        recorded: [],
        recorder: counting,
        signal,
      });
      if (typeof end === "string") throw new Error(`a rollout was ${end}`);
      if (end.status === "errored") throw new Error(end.message);
      here.push({ stateIndex, attempt, status: "completed", success: end.success, stepCount });
    }
    pool.push(here);
  }
  return { length: failure.steps.length, pool };
}

/** Mines one measured trajectory: the attempt-th rollout of a state is the attempt-th of its pool. */
function mine({ length, pool }: Measured, config: RunConfig): Mined {
  const rollouts: RolloutOutcome[] = [];
  for (let next = nextProbes(length, config, []); next.state === "probe";) {
    for (const { stateIndex, attempt } of next.probes) {
      const rollout = pool[stateIndex]?.[attempt];
      if (!rollout || attempt >= POOL)
        throw new Error(`the pool has no rollout ${attempt} of state ${stateIndex}`);
      rollouts.push(rollout);
    }
    next = nextProbes(length, config, rollouts);
  }
  return { rollouts, length, calls: rollouts.reduce((sum, r) => sum + r.stepCount, 0) };
}

/** Whether success begins between two states, by the rollouts kept for the truth. */
function truthOf({ length, pool }: Measured) {
  const tally = (t: number) => {
    const kept = (pool[t] ?? []).slice(POOL);
    return { attempts: kept.length, successes: kept.filter((r) => r.success === true).length };
  };
  const isTrue = ({ from, to }: Claim) => probabilityGreater(tally(to), tally(from)) >= TRUE_AT;
  const probed = probedStates(length, PAPER_STATES);
  const able = probed.some((to, i) => i > 0 && isTrue({ from: probed[i - 1] ?? 0, to }));
  return { able, isTrue };
}

type Rule = [name: string, claims: (mined: Mined) => Claim[]];
const test: Rule = ["state test", (mined) => changes(mined, byTest(24))];
const verdict = (alpha: number): Rule => [
  `verdict, α ${alpha}`,
  (mined) => byVerdict(mined, { ...paperRule, alpha }),
];
const rows: [string, Partial<RunConfig>, ...Rule[]][] = [
  [
    "fixed n = 16",
    { preset: "uniform", attempts: 16 },
    ["successes >= 3", (mined) => changes(mined, byThreshold(3))],
    verdict(0.975),
  ],
  ["paper", { preset: "paper" }, verdict(0)],
  ["uniform k = 4", { preset: "uniform", attempts: 4 }, verdict(0), verdict(0.975)],
  ["careful", { preset: "careful" }, test, verdict(0.975)],
  ["find", { preset: "find" }, test, verdict(0.975)],
];

function report(measured: Measured[]): void {
  console.log("| preset | rule | rollouts | calls | fewer calls | recall | precision |");
  console.log("|---|---|---|---|---|---|---|");
  let reference = 0;
  for (const [name, change, ...rules] of rows) {
    const config = RunConfig.parse({ maxSteps: MAX_STEPS, ...change });
    const mined = measured.map((each) => ({ ...truthOf(each), mined: mine(each, config) }));
    for (const [rule, claims] of rules) {
      const s = score(mined.map((each) => ({ ...each, claims: claims(each.mined) })));
      reference ||= s.calls;
      console.log(
        `| ${name} | ${rule} | ${s.rollouts.toFixed(1)} | ${s.calls.toFixed(0)} ` +
          `| ${(reference / s.calls).toFixed(2)}x | ${s.recall.toFixed(3)} | ${s.precision.toFixed(3)} |`,
      );
    }
  }
}

if (existsSync(data)) {
  const { environment, failures, solved } = await recordFailures();
  const measured: Measured[] = [];
  for (const failure of failures) measured.push(await measure(environment, failure));
  const states = measured.reduce((sum, { length }) => sum + length, 0);
  const able = measured.filter((each) => truthOf(each).able).length;
  const pairs = measured.reduce((sum, { length }) => sum + probedStates(length, PAPER_STATES).length - 1, 0);
  console.log(
    `${failures.length} failures of the strong shopper (${solved} solved besides), ${states} states, ` +
      `${TRUTH} rollouts of the weak one at each for the truth; success truly begins in ${able}, where chance alone gives at most ${(pairs * (1 - TRUE_AT)).toFixed(1)} of ${pairs} pairs\n`,
  );
  report(measured);
} else console.log(`skipped: ${data} is not there`);
