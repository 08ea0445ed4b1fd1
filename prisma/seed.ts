/** Loads the demo workspace: our own shop, an expert's real attempts at it, and a mining run waiting for a worker. */
import { env } from "@/lib/config/env";
import { environments } from "@/lib/environments/registry";
import { collectHere } from "@/lib/jobs/collect-here";
import { createQueue } from "@/lib/jobs/queue";
import { policies } from "@/lib/policies/registry";
import { createStore } from "@/lib/store/store";
import { CollectionInput, startCollection } from "@/lib/usecases/collections";
import { putEnvironment } from "@/lib/usecases/environments";
import { putPolicy } from "@/lib/usecases/policies";
import { RunInput, startRun } from "@/lib/usecases/runs";
import { Filter } from "@/lib/usecases/selection";

const TASKS = 120;

const url = env().DATABASE_URL;
const store = createStore(url);
const queue = createQueue(url, "web");
const deps = { store, queue, environments, policies };
/** The expert plays here, at once, and waits for no worker. */
const noQueue = { send: () => Promise.resolve() };

try {
  const expert = await putPolicy(deps, { name: "Built-in expert", kind: "shopper-strong", config: {} });
  const agent = await putPolicy(deps, { name: "Built-in agent", kind: "shopper-weak", config: {} });
  const before = await store.runs.list(null, 1);
  if (before.rows.length === 0) await loadDemo(expert.policyId, agent.policyId);
} finally {
  await queue.close();
  await store.close();
}

async function loadDemo(expertId: number, agentId: number): Promise<void> {
  const person = await store.people.ensure(env().GLEANER_PERSON);
  const config = { catalogue: { kind: "built-in" } };
  const shop = await putEnvironment(deps, { name: "corner-shop", driver: "webshop", config });
  const input = CollectionInput.parse({
    name: "Demo: the expert plays",
    environmentId: shop.environmentId,
    policyId: expertId,
    choice: { count: TASKS },
  });
  await putEnvironment(deps, { name: "workshop", driver: "textcraft", config: {} });
  await putPolicy(deps, { name: "Built-in crafter, expert", kind: "crafter-strong", config: {} });
  await putPolicy(deps, { name: "Built-in crafter, agent", kind: "crafter-weak", config: {} });
  const { collectionId } = await startCollection({ ...deps, queue: noQueue }, person.personId, input);
  await collectHere(deps, collectionId, new AbortController().signal, console.log);
  const { episodes, succeeded } = await store.collections.progress(collectionId);
  const filter = Filter.parse({ source: "expert", success: false, environmentId: shop.environmentId });
  const run = RunInput.parse({ name: "Demo: paper preset", policyId: agentId, selection: { filter } });
  await startRun(deps, person.personId, run);
  console.log(
    `demo: the built-in expert played ${episodes.completed} tasks and solved ${succeeded}; its failures wait to be mined`,
  );
}
