import { randomUUID } from "node:crypto";
import type { z } from "zod";
import type { Decision } from "@/lib/core/review";
import type { Store } from "@/lib/core/store";
import { createQueue, QueueInput, voteOn, VoteInput } from "@/lib/usecases/queues";
import { Filter } from "@/lib/usecases/selection";
import { aPlannedRun, mineOut, solved, trajectories, unsolved } from "./factories";

/** Failed expert trajectories that a run has looked at: their first two actions are beneficial, the others redundant. */
export async function mined(store: Store, count: number, from = 0) {
  const { trajectoryIds } = await store.trajectories.add(trajectories(count, {}, from), null);
  const run = await aPlannedRun(store, trajectoryIds);
  for (const trajectoryId of trajectoryIds)
    await mineOut(store, { runId: run.runId, trajectoryId }, (state) => (state === 0 ? unsolved : solved));
  await store.reviews.recount(run.runId, trajectoryIds);
  return { run, trajectoryIds };
}

/** A queue over everything that run looked at, oldest first, unless told otherwise. */
export async function aQueue(store: Store, runId: number, change: Partial<z.input<typeof QueueInput>> = {}) {
  const { personId } = await store.people.ensure("Maker");
  const input = { name: "a queue", filter: Filter.parse({ runId }), sort: "oldest", ...change };
  return createQueue({ store }, personId, QueueInput.parse(input));
}

/** Votes on steps, each for the first time. */
export async function vote(
  store: Store,
  at: { queueId: number; trajectoryId: number; personId: number },
  steps: Record<number, Decision>,
) {
  const { queueId, trajectoryId, personId } = at;
  for (const [index, decision] of Object.entries(steps)) {
    const about = { target: "step", targetIndex: Number(index), decision, reason: null, note: null };
    const { runId } = await store.queues.item(queueId, trajectoryId, personId);
    const input = { queueId, runId, trajectoryId, ...about, expectedVersion: 0, clientId: randomUUID() };
    await voteOn({ store }, personId, VoteInput.parse(input));
  }
}
