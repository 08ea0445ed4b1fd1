import { beforeEach, expect, it } from "vitest";
import type { Claim } from "@/lib/core/rows";
import { aPlannedRun, aTrajectory, broken, solved } from "../support/factories";
import { useStore } from "../support/store";

const db = useStore();
const LEASE = 60_000;
let seed = 0;
let runId = 0;
let trajectoryId = 0;
const at = () => ({ runId, trajectoryId });

beforeEach(async () => {
  const { trajectoryIds } = await db.store.trajectories.add([aTrajectory({}, (seed += 10))], null);
  trajectoryId = trajectoryIds[0]!;
  ({ runId } = await aPlannedRun(db.store, [trajectoryId]));
});

async function claim(owner = "one"): Promise<Claim> {
  const claimed = await db.store.rollouts.claim(runId, trajectoryId, owner, LEASE);
  expect(claimed).not.toBeNull();
  return claimed!;
}
const expire = ({ rolloutId }: Claim) =>
  db.query("update rollout set lease_until = now() - interval '1 second' where id = $1", [rolloutId]);

it("who works on a run is known by its leases, and what it lost stays known", async () => {
  const [kept, lost] = [await claim("steady"), await claim("frozen")];
  await db.store.rollouts.renew("steady", LEASE, [kept.rolloutId]);
  await expire(lost);
  expect(await db.store.rollouts.reap(5)).toEqual([at()]);
  await db.store.rollouts.startCall(kept.rolloutId, kept.epoch);
  await db.store.rollouts.end(kept.rolloutId, kept.epoch, solved, "");
  const { workers } = await db.store.runs.activity(runId);
  expect(workers).toHaveLength(2);
  expect(workers).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ owner: "steady", running: 0, done: 1, callsPerMinute: 1, lostLeases: 0 }),
      expect.objectContaining({ owner: "frozen", running: 0, done: 0, callsPerMinute: 0, lostLeases: 1 }),
    ]),
  );
  for (const { seenAt } of workers)
    expect(Math.abs(Date.now() - (seenAt?.getTime() ?? 0))).toBeLessThan(10_000);
  const again = await claim("frozen");
  await expire(again);
  await db.store.rollouts.reap(5);
  const frozen = (await db.store.runs.activity(runId)).workers.find(({ owner }) => owner === "frozen");
  expect(frozen?.lostLeases).toBe(2);
});

it("keeps everything it has in hand of one run by one renewal", async () => {
  const held = [await claim("busy"), await claim("busy"), await claim("busy")];
  await db.query("update rollout set lease_until = now() + interval '1 second' where run_id = $1", [runId]);
  const ids = held.map(({ rolloutId }) => rolloutId);
  for (let i = 0; i < 20; i++)
    expect(await db.store.rollouts.renew("busy", LEASE, ids)).toEqual({ stoppingRuns: [] });
  const soon = "select id from rollout where run_id = $1 and lease_until < now() + interval '30 seconds'";
  expect(await db.query(soon, [runId])).toEqual([]);
});

it("says how the last rollouts ended, newest first", async () => {
  const [first, second] = [await claim(), await claim()];
  await db.store.rollouts.end(first.rolloutId, first.epoch, broken, "");
  await db.store.rollouts.end(second.rolloutId, second.epoch, solved, "");
  const place = trajectoryId;
  const code = broken.status === "errored" ? broken.code : "";
  expect(await db.store.runs.lastEnds(runId, 5)).toEqual([
    { code: null, place },
    { code, place },
  ]);
  expect(await db.store.runs.lastEnds(runId, 1)).toHaveLength(1);
});

it("trajectories with queued rollouts in live runs wait, and are named up to a limit", async () => {
  const here = async () => (await db.store.rollouts.waiting(10_000)).filter((w) => w.runId === runId);
  expect(await here()).toEqual([at()]);
  expect(await db.store.rollouts.waiting(1)).toHaveLength(1);
  const claims = [await claim(), await claim(), await claim()];
  expect(await here()).toEqual([]);
  await db.store.rollouts.release(claims[1]!.rolloutId, claims[1]!.epoch);
  expect(await here()).toEqual([at()]);
  await db.store.runs.move(runId, ["running"], "cancelling");
  // Whoever cancelled it may be gone: the job of any of them goes on with that.
  expect(await here()).toEqual([at()]);
  await db.store.rollouts.cancelQueued(runId);
  expect(await here()).toEqual([]);
});
