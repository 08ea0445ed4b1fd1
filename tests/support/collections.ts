import { CollectionConfig, type Budget } from "@/lib/core/collection";
import type { EpisodeClaim } from "@/lib/core/rows";
import { aTrajectory } from "./factories";
import { useStore } from "./store";

type Settings = { config?: Partial<CollectionConfig>; budget?: Partial<Budget> };
const taskTypes = ["boil", "melt"] as const;

/** A store in which collections are made and claimed by hand. */
export function useCollections(db = useStore()) {
  let seed = 0;
  const draft = (environment: string, subtaskKey: string) =>
    aTrajectory({ environment, subtaskKey, externalId: null, instruction: "do" }, seed++);
  const claim = (collectionId: number, owner = "here", leaseMs = 60_000) =>
    db.store.collections.claim(collectionId, owner, leaseMs);
  return {
    db,
    draft,
    claim,
    /** An environment of 20 subtasks, whose names sort otherwise than it lists them. */
    async house(name: string, subtasks = 20): Promise<number> {
      const about = { name, driver: "webshop", config: {}, fingerprint: null, successThreshold: 1 };
      const { environmentId } = await db.store.environments.put(about, null);
      await db.store.environments.putSubtasks(
        environmentId,
        Array.from({ length: subtasks }, (_, i) => ({
          subtaskKey: `house_${subtasks - i}`,
          instruction: `do ${i}`,
          bestReward: null,
          taskType: taskTypes[i % 2] ?? null,
          split: i < 10 ? ("train" as const) : ("test" as const),
        })),
      );
      return environmentId;
    },
    async start(environmentId: number, { config = {}, budget = {} }: Settings = {}) {
      const { personId } = await db.store.people.ensure("Ada");
      const policy = { name: "strong", kind: "shopper-strong", config: {} };
      const { policyId } = await db.store.policies.put(policy);
      return db.store.collections.create({
        name: "a collection",
        environmentId,
        policyId,
        checkpoint: "strong@1",
        source: "expert",
        config: CollectionConfig.parse({ choice: {}, maxSteps: 5, concurrency: 100, ...config }),
        budget: { maxCalls: null, maxTokens: null, ...budget },
        personId,
      });
    },
    async demand(collectionId: number, owner?: string, leaseMs?: number): Promise<EpisodeClaim> {
      const taken = await claim(collectionId, owner, leaseMs);
      if (!taken) throw new Error("there was nothing to claim");
      return taken;
    },
    async complete(environment: string, { episodeId, epoch, subtask }: EpisodeClaim): Promise<boolean> {
      const played = draft(environment, subtask.subtaskKey);
      const end = { status: "completed", promptVersion: "1", draft: played } as const;
      return db.store.collections.end(episodeId, epoch, end);
    },
  };
}
