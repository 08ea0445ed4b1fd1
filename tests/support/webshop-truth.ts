/** Failures of the expert of webshop-pair.ts in WebShop-1k, with rollouts of its agent at every probed state. */
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { RolloutOutcome } from "@/lib/core/evidence";
import { PAPER_STATES } from "@/lib/core/paper";
import { probedStates, seedOf } from "@/lib/core/plan";
import type { Environment, Episode, StepResult } from "@/lib/core/ports";
import { runProbe } from "@/lib/core/probe";
import { recordEpisode } from "@/lib/core/record";
import type { TrajectoryDraft } from "@/lib/core/trajectory";
import { webshop } from "@/lib/environments/webshop/environment";
import { lostAgent, slippingExpert } from "./webshop-pair";

export const SHOP_DATA = "../shared/data/webshop-1k";
export const MAX_STEPS = 15;
/** The policies were tuned on tasks before this one. */
const FIRST_TASK = 100;
const { signal } = new AbortController();

/** Every rollout made at a state, in order: its successes as 0 and 1, its steps. */
const Measured = z.object({
  subtaskKey: z.string(),
  length: z.number(),
  states: z.array(z.object({ stateIndex: z.number(), successes: z.string(), steps: z.array(z.number()) })),
});
export type Measured = z.infer<typeof Measured>;

export async function connectShop(): Promise<Environment> {
  const files = {
    items: `${SHOP_DATA}/items_shuffle_1000.json`,
    instructions: `${SHOP_DATA}/items_ins_v2_1000.json`,
    nouns: `${SHOP_DATA}/product_nouns_nltk.json`,
  };
  return webshop.connect(webshop.Config.parse({ catalogue: { kind: "files", ...files } }));
}

/** The first so many failures of the expert, and how many tasks it solved on the way. */
export async function recordFailures(environment: Environment, count: number) {
  const policy = slippingExpert();
  const failures: TrajectoryDraft[] = [];
  let solved = 0;
  for (const subtask of (await environment.subtasks()).slice(FIRST_TASK)) {
    if (failures.length === count) break;
    const seed = (index: number) => seedOf(0, subtask.subtaskKey, { stateIndex: 0, attempt: 0 }, index);
    const draft = await recordEpisode({
      ...{ environment, environmentName: "webshop", driverId: "webshop", subtask, policy, seed, signal },
      ...{ source: "expert", maxSteps: MAX_STEPS },
    });
    if (draft.success) solved += 1;
    else failures.push(draft);
  }
  return { failures, solved };
}

/** A page and where each action led from it. */
type Place = { result: StepResult; next: Map<string, Place> };

/** The same environment, which is deterministic, with every place it was in kept: an action is simulated only once. */
function remembering(environment: Environment): Environment {
  const starts = new Map<string, Place>();
  const open = async (subtaskKey: string): Promise<Episode> => {
    const start =
      starts.get(subtaskKey) ??
      placeOf({ ...(await environment.open(subtaskKey)).start, reward: 0, done: false });
    starts.set(subtaskKey, start);
    let at = start;
    const path: string[] = [];
    const step = async (action: string) => {
      path.push(action);
      const known = at.next.get(action) ?? placeOf(await arrive(environment, subtaskKey, path));
      at.next.set(action, known);
      at = known;
      return at.result;
    };
    return { start: start.result, instruction: null, step, close: async () => {} };
  };
  return { ...environment, open };
}

const placeOf = (result: StepResult): Place => ({ result, next: new Map() });

async function arrive(environment: Environment, subtaskKey: string, path: string[]): Promise<StepResult> {
  const episode = await environment.open(subtaskKey);
  let result: StepResult = { ...episode.start, reward: 0, done: false };
  for (const action of path) result = await episode.step(action);
  await episode.close();
  return result;
}

async function rollOut(
  environment: Environment,
  failure: TrajectoryDraft,
  stateIndex: number,
  attempt: number,
) {
  let steps = 0;
  const startCall = async () => {
    steps += 1;
    return true;
  };
  const end = await runProbe({
    environment,
    policy: lostAgent(),
    conversation: { driverId: "webshop", instruction: failure.instruction, opening: failure.opening },
    subtaskKey: failure.subtaskKey,
    expertSteps: failure.steps,
    probe: { stateIndex, attempt },
    maxSteps: MAX_STEPS,
    successThreshold: environment.capabilities.successThreshold,
    seed: (index) => seedOf(1, failure.subtaskKey, { stateIndex, attempt }, index),
    recorded: [],
    recorder: { startCall, recordStep: async () => true },
    signal,
  });
  if (typeof end === "string") throw new Error(`a rollout was ${end}`);
  if (end.status === "errored") throw new Error(end.message);
  return { success: end.success, steps };
}

async function measure(
  environment: Environment,
  failure: TrajectoryDraft,
  rollouts: number,
): Promise<Measured> {
  const states: Measured["states"] = [];
  for (const stateIndex of probedStates(failure.steps.length, PAPER_STATES)) {
    const state = { stateIndex, successes: "", steps: [] as number[] };
    for (let attempt = 0; attempt < rollouts; attempt++) {
      const { success, steps } = await rollOut(environment, failure, stateIndex, attempt);
      state.successes += success ? "1" : "0";
      state.steps.push(steps);
    }
    states.push(state);
  }
  return { subtaskKey: failure.subtaskKey, length: failure.steps.length, states };
}

/** Where measurements are kept between runs: another shop, other policies or numbers are another file. */
function cacheFile({ fingerprint }: Environment, rollouts: number): string {
  const folder = path.join(process.env.GLEANER_DATA || ".data", "bench");
  mkdirSync(folder, { recursive: true });
  const policies = readdirSync("lib/policies").filter((name) => name.startsWith("shop"));
  const sources = ["tests/support/webshop-pair.ts", ...policies.map((name) => `lib/policies/${name}`)];
  const hash = createHash("sha256").update(`${fingerprint} ${rollouts} ${MAX_STEPS} ${FIRST_TASK}`);
  for (const source of sources) hash.update(readFileSync(source));
  return path.join(folder, `presets-webshop-${hash.digest("hex").slice(0, 16)}.jsonl`);
}

/** Measures what is not in the cache yet, trajectory by trajectory, so that a run that is stopped goes on where it was. */
export async function measureAll(environment: Environment, failures: TrajectoryDraft[], rollouts: number) {
  const shop = remembering(environment);
  const file = cacheFile(environment, rollouts);
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : [];
  const known = new Map(
    lines.map((line) => {
      const measured = Measured.parse(JSON.parse(line));
      return [measured.subtaskKey, measured];
    }),
  );
  const started = performance.now();
  let fresh = 0;
  const measured: Measured[] = [];
  for (const failure of failures) {
    const cached = known.get(failure.subtaskKey);
    const one = cached ?? (await measure(shop, failure, rollouts));
    if (!cached) {
      appendFileSync(file, `${JSON.stringify(one)}\n`);
      fresh += 1;
    }
    measured.push(one);
  }
  return { measured, fresh, seconds: (performance.now() - started) / 1000 };
}

/** The rollouts number `from` to `to` of a trajectory, as a run would have made them, by state. */
export function poolOf({ states }: Measured, from: number, to: number): Map<number, RolloutOutcome[]> {
  return new Map(
    states.map(({ stateIndex, successes, steps }) => [
      stateIndex,
      steps.slice(from, to).map((stepCount, attempt) => ({
        ...{ stateIndex, attempt, status: "completed" as const, stepCount },
        success: successes[from + attempt] === "1",
      })),
    ]),
  );
}
