import type { Store } from "@/lib/core/store";

/** Everything an iteration did, counted one by one. */
export async function countOneByOne(
  store: Store,
  { runId, collectionId }: { runId: number; collectionId: number },
) {
  const trajectoryIds = await store.runs.trajectoryIds(runId);
  const rollouts = (await Promise.all(trajectoryIds.map((id) => store.rollouts.list(runId, id)))).flat();
  const { rows: episodes } = await store.collections.episodes(collectionId, null, 1000);
  const keyOf = new Map(
    await Promise.all(
      trajectoryIds.map(async (id) => [id, (await store.trajectories.get(id)).subtaskKey] as const),
    ),
  );
  const solvedBy = rollouts.filter((each) => each.success).map((each) => keyOf.get(each.trajectoryId));
  const solved = new Set([
    ...solvedBy,
    ...episodes.filter((each) => each.success).map((each) => each.subtaskKey),
  ]);
  return { rollouts, episodes, failed: new Set(keyOf.values()), solved };
}
