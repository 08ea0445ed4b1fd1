/** `npm run bench -- webshop.bench`: load time, listing, steps per second and replay cost of the web shop. */
import { existsSync } from "node:fs";
import { webshop } from "@/lib/environments/webshop/environment";
import { printReplayCost } from "../support/replay-cost";

const data = "../shared/data/webshop-1k";
const original = {
  catalogue: {
    kind: "files",
    items: `${data}/items_shuffle_1000.json`,
    instructions: `${data}/items_ins_v2_1000.json`,
    nouns: `${data}/product_nouns_nltk.json`,
  },
};

async function measure(name: string, config: unknown): Promise<void> {
  const before = process.memoryUsage().heapUsed;
  const started = performance.now();
  const shop = await webshop.connect(webshop.Config.parse(config));
  const loaded = performance.now();
  const subtasks = await shop.subtasks();
  const listed = performance.now();
  let steps = 0;
  for (const { subtaskKey, instruction } of subtasks.slice(0, 300)) {
    const episode = await shop.open(subtaskKey);
    const results = await episode.step(`search[${instruction}]`);
    const product = results.actions?.at(-1);
    for (const action of [
      "next >",
      "< prev",
      `${product}`,
      "features",
      "< prev",
      "description",
      "< prev",
      "buy now",
    ])
      await episode.step(`click[${action}]`);
    steps += 9;
  }
  const seconds = (performance.now() - listed) / 1000;
  const megabytes = (process.memoryUsage().heapUsed - before) / 2 ** 20;
  console.log(
    `${name}: connect ${Math.round(loaded - started)} ms, ${subtasks.length} subtasks listed in ` +
      `${Math.round(listed - loaded)} ms, ${Math.round(steps / seconds)} steps/s, heap +${Math.round(megabytes)} MB`,
  );
  const turns = ["search[soft lamp]", "click[next >]", "click[< prev]", "click[back to search]"];
  await printReplayCost(shop, [1, 10, 100, 1000], (i) => turns[i % turns.length] ?? "");
}

await measure("corner shop", {});
if (existsSync(data)) await measure("webshop-1k", original);
else console.log(`skipped: ${data} is not there`);
