/** `npx tsx tests/bench/textcraft.bench.ts`: load time, steps per second and replay cost by length of the workshop. */
import { existsSync } from "node:fs";
import type { Environment } from "@/lib/core/ports";
import { replayPrefix } from "@/lib/core/replay";
import type { Step } from "@/lib/core/trajectory";
import { textcraft } from "@/lib/environments/textcraft/environment";
import { actionOf, planFor } from "@/lib/policies/crafter-plan";
import { readSheet } from "@/lib/policies/crafter-sheet";

const data = "../shared/data/textcraft";
const ROUNDS = 20;

async function measure(name: string, config: unknown): Promise<void> {
  const before = process.memoryUsage().heapUsed;
  const started = performance.now();
  const workshop = await textcraft.connect(textcraft.Config.parse(config));
  const loaded = performance.now();
  const subtasks = await workshop.subtasks();
  const plans = new Map<string, string[]>();
  for (const { subtaskKey } of subtasks) {
    const sheet = readSheet((await workshop.open(subtaskKey)).start.text);
    const plan = sheet === null ? null : planFor(sheet, new Map(), new Set());
    plans.set(subtaskKey, plan?.map(actionOf) ?? []);
  }
  const planned = performance.now();
  let steps = 0;
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [subtaskKey, actions] of plans) {
      const episode = await workshop.open(subtaskKey);
      for (const action of actions) await episode.step(action);
      steps += actions.length;
    }
  const seconds = (performance.now() - planned) / 1000;
  const megabytes = (process.memoryUsage().heapUsed - before) / 2 ** 20;
  console.log(
    `${name}: connect ${Math.round(loaded - started)} ms, ${subtasks.length} tasks planned in ` +
      `${Math.round(planned - loaded)} ms, ${Math.round(steps / seconds)} steps/s, heap +${Math.round(megabytes)} MB`,
  );
  await replayMs(workshop, 1000);
  for (const length of [1, 10, 100, 1000])
    console.log(`  replay of ${length} steps: ${(await replayMs(workshop, length)).toFixed(3)} ms`);
}

/** Milliseconds to open an episode and replay so many steps, everything compared. */
async function replayMs(workshop: Environment, length: number): Promise<number> {
  const [first] = await workshop.subtasks();
  const subtaskKey = first?.subtaskKey ?? "";
  const episode = await workshop.open(subtaskKey);
  const steps: Step[] = [];
  let observation = episode.start.text;
  for (let i = 0; i < length; i += 1) {
    const action = i % 2 === 0 ? "get 1 nothing" : "inventory";
    const { text, reward } = await episode.step(action);
    steps.push({ observation, thought: null, action, reward, messages: null });
    observation = text;
  }
  const began = performance.now();
  for (let round = 0; round < ROUNDS; round += 1)
    await replayPrefix(await workshop.open(subtaskKey), workshop.normalize, steps, length, observation);
  return (performance.now() - began) / ROUNDS;
}

await measure("workshop", {});
if (existsSync(data))
  await measure("original recipes", { recipes: { kind: "file", path: `${data}/recipe_tree_compact.json` } });
else console.log(`skipped: ${data} is not there`);
