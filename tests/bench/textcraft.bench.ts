/** `npm run bench -- textcraft`: load time, steps per second and replay cost by length of the workshop. */
import { existsSync } from "node:fs";
import { textcraft } from "@/lib/environments/textcraft/environment";
import { actionOf, planFor } from "@/lib/policies/crafter-plan";
import { readSheet } from "@/lib/policies/crafter-sheet";
import { printReplayCost } from "../support/replay-cost";

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
  await printReplayCost(workshop, [1, 10, 100, 1000], (i) => (i % 2 === 0 ? "get 1 nothing" : "inventory"));
}

await measure("workshop", {});
if (existsSync(data))
  await measure("original recipes", { recipes: { kind: "file", path: `${data}/recipe_tree_compact.json` } });
else console.log(`skipped: ${data} is not there`);
