import type { Store } from "@/lib/core/store";
import type { Deps } from "@/lib/usecases/deps";
import { putEnvironment } from "@/lib/usecases/environments";
import { putPolicy } from "@/lib/usecases/policies";
import { collect } from "./collecting";

/** The built-in shop, played by its expert, and an agent to mine the expert's failures with. */
export async function playShop(deps: Deps, personId: number, count: number) {
  const expert = await putPolicy(deps, { name: "expert", kind: "shopper-strong", config: {} });
  const agent = await putPolicy(deps, { name: "agent", kind: "shopper-weak", config: {} });
  const config = { catalogue: { kind: "built-in" } };
  const { environmentId } = await putEnvironment(deps, { name: "corner-shop", driver: "webshop", config });
  await collect(deps, personId, { environmentId, policyId: expert.policyId, choice: { count } });
  return { environmentId, agentId: agent.policyId };
}

/** A stored trajectory as a line of our own format, with another name: as if it came from elsewhere. */
export async function lineOf(store: Store, trajectoryId: number, externalId: string): Promise<string> {
  const { environment, subtaskKey, instruction, source, model, reward, success, opening, steps } =
    await store.trajectories.get(trajectoryId);
  const about = { environment, subtaskKey, instruction, source, model, reward, success, opening };
  return JSON.stringify({ format: "gleaner/1", ...about, externalId, steps });
}
