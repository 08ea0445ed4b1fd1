import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, vi } from "vitest";
import type { IterationKey } from "@/lib/core/campaign-store";
import { canonicalJson } from "@/lib/core/canonical";
import { emptyCard } from "@/lib/core/dataset";
import type { Store } from "@/lib/core/store";
import { isOpen, type TrainingKind } from "@/lib/core/training";
import { TrainingSettings } from "@/lib/core/training-settings";
import type { TrainingRow } from "@/lib/core/training-store";
import { followTraining } from "@/lib/jobs/handlers/follow-training";
import { putTrainingProvider, startTraining } from "@/lib/usecases/trainings";
import { anExample, aTrajectory } from "./factories";
import { startFineTuneServer, type FineTuneServer } from "./fine-tune-server";
import type { useStore } from "./store";

type Db = ReturnType<typeof useStore>;
type Source = Parameters<Store["datasets"]["freeze"]>[1];

let number = 0;

/** Freezes a dataset of so many examples, every third of them held out where that is wanted. */
export async function aDataset(store: Store, count: number, heldOut = false, iteration?: IterationKey) {
  const { personId } = await store.people.ensure("Ada");
  const played = [aTrajectory({}, 900 + number++), aTrajectory({}, 900 + number++)];
  const { trajectoryIds } = await store.trajectories.add(played, null);
  async function* examples(): Source {
    for (let seed = 0; seed < count; seed++) {
      const held = heldOut && seed % 3 === 2;
      const example = anExample(trajectoryIds[held ? 1 : 0] ?? 0, seed);
      const split = held ? "validation" : "train";
      yield { example, text: canonicalJson(example), split };
    }
  }
  const about = { name: `dataset ${number}`, reviewPolicy: "approved" } as const;
  const known = { selection: {}, card: emptyCard("approved"), contentHash: "ab".repeat(32) };
  return store.datasets.freeze({ ...about, personId, ...(iteration ? { iteration } : {}) }, examples(), () =>
    Promise.resolve(known),
  );
}

/** A training that came to a policy, and what was said of it. */
export async function aTraining(store: Store): Promise<void> {
  const { trainings } = store;
  const { personId } = await store.people.ensure("Ada");
  const { datasetId } = await aDataset(store, 1);
  const { providerId } = await trainings.putProvider({ name: "here", kind: "command", config: {} });
  const settings = TrainingSettings.parse({ model: "small-1" });
  const { trainingId } = await trainings.create({ datasetId, providerId, settings, personId });
  const epoch = (await trainings.claim(trainingId, "test", 60_000))?.epoch ?? 0;
  const about = { level: "info", message: "m", step: 1, loss: 1, validLoss: null } as const;
  const events = [{ key: "1", at: new Date(0), ...about }];
  await trainings.report(trainingId, epoch, { events, cursor: null, totalSteps: null });
  await trainings.change(trainingId, epoch, { trainFile: "train.jsonl", remoteId: "here:1" });
  const policy = { name: "trained", kind: "openai", config: { model: "x" }, secret: null };
  await trainings.end(trainingId, epoch, { state: "succeeded", phase: "over", checkpoint: "x", policy });
}

/** Trainings against servers and commands of this file, in a data folder of its own. */
export function useTraining(db: Db) {
  const data = mkdtempSync(path.join(tmpdir(), "gleaner-training-"));
  const servers: FineTuneServer[] = [];
  const sent: unknown[] = [];
  const queue = { send: async (_: string, payload: unknown) => void sent.push(payload) };
  beforeAll(() => {
    vi.stubEnv("GLEANER_DATA", data);
    vi.stubEnv("GLEANER_SECRET", Buffer.alloc(32, 7).toString("base64url"));
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(data, { recursive: true, force: true });
  });
  /** Makes all open trainings due now. */
  const due = () =>
    db.query(
      "update training set look_at = now(), lease_until = null, owner = null where owner is not null or look_at > now()",
    );
  const look = async (trainingId: number, store: Store = db.store, signal = new AbortController().signal) => {
    const given = { store, owner: `test-${(number += 1)}`, leaseMs: 600_000, log: () => {} };
    await followTraining(given, { trainingId }, signal);
  };
  return {
    data,
    sent,
    queue,
    due,
    look,
    async server(options: Parameters<typeof startFineTuneServer>[0] = {}) {
      const server = await startFineTuneServer(options);
      servers.push(server);
      return server;
    },
    /** What the operator of this machine allows. */
    allow: (commands: Record<string, string[]>) =>
      writeFileSync(path.join(data, "train-commands.json"), JSON.stringify(commands)),
    provider: (kind: TrainingKind, config: Record<string, unknown>, secret?: string) =>
      putTrainingProvider(db, {
        name: `provider ${(number += 1)}`,
        kind,
        config: { pollMs: 20, ...config },
        secret,
      }),
    async start(providerId: number, given: { datasetId?: number; settings?: Record<string, unknown> } = {}) {
      const { personId } = await db.store.people.ensure("Ada");
      const datasetId = given.datasetId ?? (await aDataset(db.store, 12)).datasetId;
      const settings = TrainingSettings.parse({ model: "small-1", ...given.settings });
      return startTraining({ store: db.store, queue }, personId, { datasetId, providerId, settings });
    },
    /** Looks again and again until it is over, or as often as is said. */
    async until(trainingId: number, looks = 200, pauseMs = 0): Promise<TrainingRow> {
      for (let i = 0; i < looks; i++) {
        await due();
        await look(trainingId);
        const row = await db.store.trainings.get(trainingId);
        if (!isOpen(row.state)) return row;
        if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
      return db.store.trainings.get(trainingId);
    },
  };
}
