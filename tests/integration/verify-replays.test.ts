import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EnvironmentDriver } from "@/lib/core/ports";
import { AppError } from "@/lib/core/errors";
import { createConnections } from "@/lib/jobs/connections";
import type { JobName, JobPayload } from "@/lib/jobs/definitions";
import { verifyReplays } from "@/lib/jobs/handlers/verify-replays";
import { startWorker } from "@/lib/jobs/start-worker";
import { sweep } from "@/lib/jobs/sweep";
import { createQueue } from "@/lib/jobs/queue";
import { createStore } from "@/lib/store/store";
import type { Store } from "@/lib/core/store";
import {
  cancelVerification,
  resumeVerification,
  startVerification,
  verificationEntries,
} from "@/lib/usecases/verifications";
import { corridor, optimal, recordExpert } from "../support/corridor";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { openMining, running, wanderers } from "../support/mining";

const faithful = recordExpert("S.G", ["right", "right", "leave"]);
const other = { ...recordExpert("S..G", ["right", "leave"]), finalObservation: "You are elsewhere." };
const unknown = { ...recordExpert("So.G", ["leave"]), subtaskKey: "no such corridor" };

let database: TestDatabase;
let store: Store;
let personId: number;
let sent: JobPayload<"verify-replays">[];
const log = () => undefined;

beforeEach(async () => {
  database = await createTestDatabase();
  store = createStore(database.url);
  ({ personId } = await store.people.ensure("Ada"));
  sent = [];
});
afterEach(async () => {
  await store.close();
  await database.drop();
});

const queue = {
  send: async <Name extends JobName>(name: Name, payload: JobPayload<Name>) => {
    if ("verificationId" in payload) sent.push(payload);
  },
};

async function putCorridor(config: object = {}, driver: string | null = "corridor") {
  const settings = { name: "corridor", driver, config, fingerprint: null, successThreshold: 1 };
  return store.environments.put(settings, null);
}

const connectionsTo = (driver: EnvironmentDriver) =>
  createConnections(store, { environments: { corridor: driver }, policies: {} });

async function workOff(driver: EnvironmentDriver = corridor): Promise<void> {
  const connections = connectionsTo(driver);
  for (const payload of sent.splice(0)) await verifyReplays({ store, connections, log }, payload, running);
}

async function start(trajectoryIds: number[]) {
  return startVerification({ store, queue }, personId, { trajectoryIds });
}

describe("verifying replays", () => {
  it("says of each trajectory whether its replay gave what was recorded, and where it did not", async () => {
    await putCorridor();
    const { trajectoryIds } = await store.trajectories.add([faithful, other, unknown], null);
    const [one = 0, two = 0, three = 0] = trajectoryIds;
    expect((await store.replays.get(one)).state).toBe("unchecked");
    const { verificationId } = await start(trajectoryIds);
    await workOff();
    expect(await store.verifications.get(verificationId)).toMatchObject({
      state: "done",
      outcomes: { verified: 1, diverged: 1, not_replayable: 1, queued: 0, errored: 0 },
    });
    expect(await store.replays.get(one)).toMatchObject({ state: "verified", divergence: null });
    expect(await store.replays.get(two)).toMatchObject({
      state: "diverged",
      divergence: { stepIndex: 2, recorded: "You are elsewhere." },
    });
    expect((await store.replays.get(three)).reason).toContain("no such corridor");
    const { rows } = await verificationEntries({ store }, verificationId, null);
    expect(rows.map((row) => [row.trajectoryId, row.outcome, row.divergedAt])).toEqual([
      [two, "diverged", 2],
      [three, "not_replayable", null],
      [one, "verified", null],
    ]);
    const { environmentId } = await store.trajectories.get(one);
    expect(await store.replays.fidelity(environmentId)).toEqual({
      verified: 1,
      diverged: 1,
      not_replayable: 1,
      unchecked: 0,
    });
  });

  it("makes lists that can be filtered by what the newest replay gave", async () => {
    await putCorridor();
    const { trajectoryIds } = await store.trajectories.add([faithful, other, unknown, ...wanderers], null);
    await start(trajectoryIds.slice(0, 3));
    await workOff();
    const any = {
      ...{ source: null, success: null, environmentId: null, model: null, minReward: null, maxReward: null },
      ...{ subtaskId: null, coverage: null, said: null },
      ...{ runId: null, verdict: null, review: null, text: null, disagreement: null },
    };
    const matching = async (replay: "verified" | "diverged" | "unchecked" | "not_replayable") =>
      store.trajectories.ids({ ...any, replay }, 10);
    expect(await matching("verified")).toEqual(trajectoryIds.slice(0, 1));
    expect(await matching("diverged")).toEqual(trajectoryIds.slice(1, 2));
    expect(await matching("not_replayable")).toEqual(trajectoryIds.slice(2, 3));
    expect(await matching("unchecked")).toEqual(trajectoryIds.slice(3));
    const { rows } = await store.trajectories.list({ ...any, replay: null }, "oldest", null, 10);
    expect(rows.map((row) => row.replay)).toEqual([
      ...["verified", "diverged", "not_replayable"],
      ...["unchecked", "unchecked", "unchecked"],
    ]);
  });

  it("forgets what was said of another set-up of the environment", async () => {
    await putCorridor();
    const { trajectoryIds } = await store.trajectories.add([faithful], null);
    await start(trajectoryIds);
    await workOff();
    await putCorridor({ driftsAt: 1 });
    expect((await store.replays.get(trajectoryIds[0] ?? 0)).state).toBe("unchecked");
    await start(trajectoryIds);
    await workOff();
    expect(await store.replays.get(trajectoryIds[0] ?? 0)).toMatchObject({
      state: "diverged",
      divergence: { stepIndex: 1, replayed: expect.stringContaining("A draught blows.") },
    });
    await putCorridor({}, null);
    expect((await store.replays.get(trajectoryIds[0] ?? 0)).state).toBe("not_replayable");
  });

  it("takes what broke as an error, never as a difference, and tries it again when asked", async () => {
    await putCorridor();
    const { trajectoryIds } = await store.trajectories.add([faithful, other], null);
    await start(trajectoryIds);
    await workOff();
    const { verificationId } = await start(trajectoryIds);
    const down: EnvironmentDriver = {
      ...corridor,
      connect: async (config) => ({
        ...(await corridor.connect(corridor.Config.parse(config))),
        open: () => Promise.reject(new AppError("environment_unavailable", "nobody answers")),
      }),
    };
    await workOff(down);
    const broken = await store.verifications.get(verificationId);
    expect(broken).toMatchObject({ state: "done", outcomes: { errored: 2, diverged: 0, verified: 0 } });
    const { rows } = await verificationEntries({ store }, verificationId, null);
    expect(rows[0]).toMatchObject({ errorCode: "environment_unavailable", errorMessage: "nobody answers" });
    expect((await store.replays.get(trajectoryIds[0] ?? 0)).state).toBe("verified");
    await resumeVerification({ store, queue }, verificationId);
    await workOff();
    expect(await store.verifications.get(verificationId)).toMatchObject({
      state: "done",
      outcomes: { errored: 0, diverged: 1, verified: 1 },
    });
  });

  it("stops when asked and goes on with the rest", async () => {
    await putCorridor();
    const many = Array.from({ length: 60 }, (_, i) => ({ ...faithful, externalId: `episode ${i}` }));
    const { trajectoryIds } = await store.trajectories.add(many, null);
    const { verificationId } = await start(trajectoryIds);
    expect(sent.map(({ chunk }) => chunk)).toEqual([0, 1]);
    await verifyReplays(
      { store, connections: connectionsTo(corridor), log },
      { verificationId, chunk: 1 },
      running,
    );
    await cancelVerification({ store }, verificationId);
    await workOff();
    expect(await store.verifications.get(verificationId)).toMatchObject({
      state: "cancelled",
      outcomes: { verified: 10, cancelled: 50 },
    });
    await expect(cancelVerification({ store }, verificationId)).rejects.toMatchObject({ code: "conflict" });
    await resumeVerification({ store, queue }, verificationId);
    await workOff();
    expect(await store.verifications.get(verificationId)).toMatchObject({
      state: "done",
      outcomes: { verified: 60, cancelled: 0 },
    });
  });

  it("asks for a job again where one was lost, and workers see it through", async () => {
    await putCorridor();
    const { trajectoryIds } = await store.trajectories.add([faithful, other], null);
    const { verificationId } = await start(trajectoryIds);
    sent.length = 0;
    await sweep({ store, queue }, () => false);
    expect(sent).toEqual([{ verificationId, chunk: 0 }]);
    const worker = await startWorker({
      databaseUrl: database.url,
      environments: { corridor },
      policies: {},
      ...{ concurrency: 2, leaseMs: 2500, sweepMs: 300, log },
    });
    try {
      await expect
        .poll(async () => (await store.verifications.get(verificationId)).state, { timeout: 10_000 })
        .toBe("done");
    } finally {
      await worker.stop();
    }
  });

  it("refuses an empty selection", async () => {
    const web = createQueue(database.url, "web");
    const filter = {
      ...{ source: null, success: null, environmentId: null, model: null, minReward: null, maxReward: null },
      ...{ subtaskId: null, coverage: null, said: null },
      ...{ runId: null, verdict: null, review: null, replay: null, text: null, disagreement: null },
    };
    await expect(startVerification({ store, queue: web }, personId, { filter })).rejects.toMatchObject({
      code: "invalid_input",
    });
    await web.close();
  });
});

it("mining keeps what its own replay gave", async () => {
  const mining = await openMining();
  try {
    const planned = await mining.plan(wanderers.slice(0, 1), "optimal@1");
    await mining.mineAll(mining.miner(optimal()).deps, planned);
    expect((await mining.store.replays.get(planned.trajectoryIds[0] ?? 0)).state).toBe("verified");
  } finally {
    await mining.close();
  }
});
