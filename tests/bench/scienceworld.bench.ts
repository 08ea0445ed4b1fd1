/**
 * `npm run bench -- scienceworld`: start, load and listing times of the simulator, steps per second over its
 * own solutions of all 30 tasks, what a replay costs by its length, and how that grows with JVMs on one core and on two.
 */
import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { scienceworld } from "@/lib/environments/scienceworld/environment";
import type { Environment } from "@/lib/core/ports";
import { goldPaths, scienceworldMissing, simulatorJar, takeThrice } from "../support/scienceworld";

/** Solutions that the simulator works out within a second each. */
const quick = [
  "boil",
  "find-plant",
  "power-component",
  "chemistry-mix",
  "lifespan-longest-lived",
  "test-conductivity",
];
const lengths = [1, 5, 10, 20, 40, 70];

const connect = (jvms: number) =>
  scienceworld.connect(scienceworld.Config.parse({ jar: simulatorJar, jvms, maxMoves: 100_000 }));

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const since = performance.now();
  return { value: await work(), ms: performance.now() - since };
}

async function replay(environment: Environment, task: string, actions: string[]) {
  const episode = await environment.open(`${task}_0`);
  let steps = 0;
  for (const action of actions) {
    steps += 1;
    if ((await episode.step(action)).done) break;
  }
  await episode.close();
  return steps;
}

/** Replays each solution `times` times, as many at once as there are JVMs. */
async function replayAll(environment: Environment, gold: Map<string, string[]>, times: number, jvms: number) {
  const left = Array.from({ length: times }, () => [...gold]).flat();
  const done: { steps: number }[] = [];
  const work = async () => {
    for (let next = left.pop(); next; next = left.pop())
      done.push({ steps: await replay(environment, ...next) });
  };
  const { ms } = await timed(() => Promise.all(Array.from({ length: jvms }, work)));
  return { done, rate: (1000 * done.reduce((sum, { steps }) => sum + steps, 0)) / ms };
}

/** How many steps per second 1, 2 and 4 JVMs take together, all warm. */
async function scaling(label: string): Promise<void> {
  const gold = await goldPaths(
    quick.map((task) => ({ task, variation: 0 })),
    "",
  );
  const rates: string[] = [];
  for (const jvms of [1, 2, 4]) {
    const environment = await connect(jvms);
    await replayAll(environment, gold, jvms, jvms);
    const { rate } = await replayAll(environment, gold, 4 * jvms, jvms);
    rates.push(`${jvms} JVM${jvms > 1 ? "s" : ""} ${Math.round(rate)}`);
    await environment.close();
  }
  console.log(`steps/s on ${label}: ${rates.join(", ")}`);
}

async function measure(): Promise<void> {
  const connected = await timed(() => connect(1));
  const environment = connected.value;
  console.log(environment.facts.map(({ name, value }) => `${name} ${value}`).join("; "));
  const listed = await timed(() => environment.subtasks());
  console.log(
    `connect ${Math.round(connected.ms)} ms, ${listed.value.length} subtasks in ${Math.round(listed.ms)} ms`,
  );

  const tasks = [...new Set(listed.value.map(({ taskType }) => taskType ?? ""))];
  const solved = await timed(() =>
    goldPaths(
      tasks.map((task) => ({ task, variation: 0 })),
      "",
    ),
  );
  console.log(`solutions of ${tasks.length} tasks worked out in ${Math.round(solved.ms / 1000)} s`);
  const { done, rate } = await replayAll(environment, solved.value, 1, 1);
  const steps = done.reduce((sum, each) => sum + each.steps, 0);
  console.log(`${Math.round(rate)} steps/s over their ${steps} steps, one JVM, cold`);
  const pair = await connect(2);
  const { unsolved, unsteady } = await takeThrice(pair, solved.value);
  await pair.close();
  console.log(
    `${tasks.length - unsolved.length}/${tasks.length} reach reward 1 ${unsolved.join(" ")}; ` +
      `${tasks.length - unsteady.length}/${tasks.length} show the same three times ${unsteady.join(" ")}`,
  );
  if (unsolved.length + unsteady.length > 0) process.exitCode = 1;
  await replayCosts(environment, solved.value.get("grow-fruit") ?? []);
  await environment.close();
}

async function replayCosts(environment: Environment, actions: string[]): Promise<void> {
  const costs: string[] = [];
  for (const length of lengths) {
    const { ms } = await timed(async () => {
      for (let i = 0; i < 3; i++) await replay(environment, "grow-fruit", actions.slice(0, length));
    });
    costs.push(`${length} steps ${Math.round(ms / 3)} ms`);
  }
  console.log(`opening grow-fruit and replaying: ${costs.join(", ")}`);
}

const missing = scienceworldMissing();
const [only] = process.argv.slice(2);
if (missing) console.log(`skipped: ${missing}`);
else if (only === "scaling") await scaling("one core");
else {
  await measure();
  await scaling(`${availableParallelism()} cores`);
  const self = [import.meta.filename, "scaling"];
  const oneCore = spawnSync("taskset", ["-c", "0", process.execPath, ...self], { stdio: "inherit" });
  if (oneCore.error) console.log("skipped: one core, for there is no taskset");
}
