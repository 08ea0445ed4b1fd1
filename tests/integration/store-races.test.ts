import { setTimeout as pause } from "node:timers/promises";
import { beforeEach, expect, it } from "vitest";
import type { Claim } from "@/lib/core/rows";
import { openClient } from "@/lib/store/client";
import { aPlannedRun, aStep, solved, trajectories, unsolved } from "../support/factories";
import { brokenRules, useStore } from "../support/store";

/** Two sessions at the worst moment: the other one, played by hand, has written and not committed. */
const db = useStore();
let seed = 0;
let runId = 0;
let ids: number[] = [];

beforeEach(async () => {
  ({ trajectoryIds: ids } = await db.store.trajectories.add(trajectories(2, {}, (seed += 10)), null));
  ({ runId } = await aPlannedRun(db.store, ids, [0, 3]));
});

async function claim(trajectoryId: number): Promise<Claim> {
  const claimed = await db.store.rollouts.claim(runId, trajectoryId, "here", 60_000);
  expect(claimed).not.toBeNull();
  return claimed!;
}
const end = ({ rolloutId, epoch }: Claim) => db.store.rollouts.end(rolloutId, epoch, solved, "");

/** What `work` answers when it begins after the other session wrote, and the other one commits only then. */
async function against<T>(written: string[], work: () => Promise<T>): Promise<T> {
  await db.query("begin");
  for (const statement of written) await db.query(statement);
  const working = work();
  await Promise.race([working, pause(300)]);
  await db.query("commit");
  return working;
}

const completed = "status = 'completed', success = false, reward = 0, owner = null, lease_until = null";

it("lets no stale step in between the reading of its epoch and its commit", async () => {
  const held = await claim(ids[0]!);
  const taken = `update rollout set status = 'queued', owner = null, lease_until = null, epoch = epoch + 1
    where id = ${held.rolloutId}`;
  const stored = await against([taken], () =>
    db.store.rollouts.recordStep(held.rolloutId, held.epoch, 0, aStep(), null),
  );
  expect(stored).toBe(false);
  expect((await db.store.rollouts.get(held.rolloutId)).steps).toEqual([]);
});

it("claims nothing in a run whose cancelling has begun", async () => {
  const given = await claim(ids[0]!);
  await db.store.rollouts.release(given.rolloutId, given.epoch);
  const cancelling = `update run set state = 'cancelling' where id = ${runId}`;
  const late = () => db.store.rollouts.claim(runId, ids[0]!, "late", 60_000);
  expect(await against([cancelling], late)).toBeNull();
});

it("finishes a trajectory whose last two rollouts end at once", async () => {
  const [one, other] = [await claim(ids[0]!), await claim(ids[0]!)];
  const written = [
    `update rollout set ${completed} where id = ${other.rolloutId}`,
    `select from run_trajectory where run_id = ${runId} and trajectory_id = ${ids[0]} for no key update`,
  ];
  expect(await against(written, () => end(one))).toBe(true);
  const { entry } = (await db.store.facts(runId, [ids[0]!])).get(ids[0]!)!;
  expect(entry).toMatchObject({ state: "done", harmful: 3, deadEnd: 3 });
});

it("finishes a run whose last two trajectories end at once", async () => {
  const claims = [await claim(ids[0]!), await claim(ids[0]!)];
  await end(claims[0]!);
  const written = [
    `update rollout set ${completed} where run_id = ${runId} and trajectory_id = ${ids[1]}`,
    `update run_trajectory set state = 'done', dead_end = 6, latest = true where run_id = ${runId} and trajectory_id = ${ids[1]}`,
    `update trajectory set latest_run_id = ${runId} where id = ${ids[1]}`,
    `select recount_rollouts(${runId}, array[${ids[1]}])`,
    `select from run where id = ${runId} for no key update`,
  ];
  await against(written, () => end(claims[1]!));
  expect((await db.store.runs.get(runId)).state).toBe("done");
});

it("does not deadlock when claims, ends, releases, reaping and cancelling meet", async () => {
  const probes = Array.from({ length: 12 }, (_, attempt) => ({ stateIndex: 1, attempt }));
  await db.store.runs.plan(
    runId,
    ids.map((trajectoryId) => ({ trajectoryId, probes })),
  );
  let left = 40;
  const worker = async (owner: string, lease: number) => {
    for (const id of [...ids, ...ids]) {
      for (;;) {
        const got = await db.store.rollouts.claim(runId, id, owner, lease);
        if (!got) break;
        await db.store.rollouts.startCall(got.rolloutId, got.epoch);
        if (--left === 0) {
          await db.store.runs.move(runId, ["running"], "cancelling");
          await db.store.rollouts.cancelQueued(runId);
        }
        if (got.attempt % 3 === 0) await db.store.rollouts.release(got.rolloutId, got.epoch);
        else await db.store.rollouts.end(got.rolloutId, got.epoch, unsolved, "");
        await db.store.rollouts.reap(50);
      }
    }
  };
  await Promise.all([0, 1, 2, 3, 4, 5].map((i) => worker(`worker ${i}`, i % 2 ? 1 : 60_000)));
  await expect.poll(() => db.store.rollouts.reap(50).then((taken) => taken.length)).toBe(0);
  expect((await db.store.runs.get(runId)).state).toBe("cancelled");
  expect(
    await db.query(
      "select datname, deadlocks from pg_stat_database where datname = current_database() and deadlocks > 0",
    ),
  ).toEqual([]);
  expect(await brokenRules(db.query)).toEqual({});
});

it("takes a transaction back that stands still, so that a frozen process holds nobody up", async () => {
  const frozen = openClient(db.url, 400);
  const since = Date.now();
  const standing = frozen.$transaction(async (tx) => {
    await tx.$executeRaw`select from run where id = ${runId}::int for update`;
    await pause(3000);
    return tx.$executeRaw`update run set name = 'late' where id = ${runId}::int`;
  });
  const late = expect(standing).rejects.toThrow();
  await pause(100);
  await db.query("update run set name = 'on time' where id = $1", [runId]);
  expect(Date.now() - since).toBeLessThan(2500);
  await late;
  expect((await db.store.runs.get(runId)).name).toBe("on time");
  await frozen.$disconnect();
});
