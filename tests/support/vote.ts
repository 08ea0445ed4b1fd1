import type { Store } from "@/lib/core/store";
import { Filter } from "@/lib/usecases/selection";

/** A queue of everything the run looked at, of which somebody is through with one trajectory. */
export async function aVote(store: Store, runId: number, personId: number): Promise<void> {
  const filter = Filter.parse({ runId });
  const asked = { name: "q", filter, sort: "oldest", reviewers: 1, blindShare: 0, gold: 0, seed: 0 } as const;
  const { queueId } = await store.queues.create({ ...asked, people: [], personId });
  const item = await store.queues.claim(queueId, personId, 60_000);
  const { trajectoryId } = item!;
  await store.queues.vote({
    ...{
      queueId,
      trajectoryId,
      personId,
      target: "step",
      targetIndex: 1,
      decision: "veto",
      reason: null,
      note: null,
    },
    ...{ verdict: "beneficial", verdictSeen: "beneficial", expectedVersion: 0, clientId: "vote" },
  });
  await store.queues.finish(queueId, trajectoryId, personId);
}
