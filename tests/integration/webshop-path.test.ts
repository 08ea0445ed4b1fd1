import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Store } from "@/lib/core/store";
import { environments } from "@/lib/environments/registry";
import { mineHere } from "@/lib/jobs/mine-here";
import { policies } from "@/lib/policies/registry";
import { createStore } from "@/lib/store/store";
import { curateDataset, DatasetInput } from "@/lib/usecases/datasets";
import { exportDataset } from "@/lib/usecases/exports";
import type { Deps } from "@/lib/usecases/deps";
import { putEnvironment } from "@/lib/usecases/environments";
import { putPolicy } from "@/lib/usecases/policies";
import { RunInput, startRun } from "@/lib/usecases/runs";
import { Filter } from "@/lib/usecases/selection";
import { verdictReports, type VerdictReport } from "@/lib/usecases/verdicts";
import { collect } from "../support/collecting";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { textOf } from "../support/folders";
import { sharedDataMissing, sharedFile } from "../support/shared-data";
import { examplesIn } from "../support/store";

const TASKS = 60;

describe.skipIf(sharedDataMissing("webshop-1k", "items_shuffle_1000.json"))(
  "the real WebShop catalogue",
  () => {
    let database: TestDatabase;
    let store: Store;
    let deps: Deps;
    let personId: number;
    let runId: number;
    const reports: VerdictReport[] = [];

    beforeAll(async () => {
      database = await createTestDatabase();
      store = createStore(database.url);
      deps = { store, queue: { send: () => Promise.resolve() }, environments, policies };
      personId = (await store.people.ensure("ada")).personId;
      const expert = await putPolicy(deps, { name: "expert", kind: "shopper-strong", config: {} });
      const agent = await putPolicy(deps, { name: "agent", kind: "shopper-weak", config: {} });
      const { environmentId } = await putEnvironment(deps, {
        name: "webshop-1k",
        driver: "webshop",
        config: {
          catalogue: {
            kind: "files",
            items: sharedFile("webshop-1k", "items_shuffle_1000.json"),
            instructions: sharedFile("webshop-1k", "items_ins_v2_1000.json"),
            nouns: sharedFile("webshop-1k", "product_nouns_nltk.json"),
          },
        },
      });
      const choice = { count: TASKS };
      const collectionId = await collect(deps, personId, {
        environmentId,
        policyId: expert.policyId,
        choice,
      });
      const { episodes, duplicates } = await store.collections.progress(collectionId);
      expect({ ...episodes, duplicates }).toMatchObject({ completed: TASKS, errored: 0, duplicates: 0 });
      const filter = Filter.parse({ source: "expert", success: false, environmentId });
      const input = RunInput.parse({ policyId: agent.policyId, selection: { filter } });
      runId = (await startRun(deps, personId, input)).runId;
      await mineHere(deps, runId, new AbortController().signal, () => {});
      for await (const report of verdictReports(deps, runId, null)) reports.push(report);
    }, 120_000);

    afterAll(async () => {
      await store?.close();
      await database?.drop();
    });

    it("replays every recorded failure exactly and ends every rollout", async () => {
      const { rollouts, trajectories } = await store.runs.progress(runId);
      expect((await store.runs.get(runId)).state).toBe("done");
      expect(rollouts).toMatchObject({ queued: 0, running: 0, errored: 0, cancelled: 0 });
      expect(rollouts.completed).toBe(reports.reduce((sum, r) => sum + r.states.length, 0));
      expect(trajectories).toMatchObject({ total: reports.length, done: reports.length, diverged: 0 });
      expect(reports.every((r) => r.replay === "verified")).toBe(true);
    });

    it("finds beneficial and harmful actions, and every trained rollout proves its state solved", () => {
      const verdicts = new Set(reports.flatMap((r) => r.actions.map((a) => a.verdict)));
      expect([...verdicts]).toEqual(expect.arrayContaining(["beneficial", "harmful", "dead_end"]));
      for (const report of reports)
        for (const solution of report.solutions)
          if (solution.rolloutFrom !== null)
            expect(report.states.find((s) => s.state === solution.rolloutFrom)?.x).toBeGreaterThan(0);
    });

    it("gives the same verdicts when everything is mined again", async () => {
      const { policyId } = await store.runs.get(runId);
      const trajectoryIds = reports.map((r) => r.trajectoryId);
      const input = RunInput.parse({ policyId, selection: { trajectoryIds } });
      const again = await startRun(deps, personId, input);
      await mineHere(deps, again.runId, new AbortController().signal, () => {});
      const states = [];
      for await (const report of verdictReports(deps, again.runId, null)) states.push(report.states);
      expect(states).toEqual(reports.map((r) => r.states));
    });

    it("exports masked examples in which nothing harmful is trained", async () => {
      const selection = { filter: Filter.parse({ runId }) };
      const input = DatasetInput.parse({ name: "all", selection, runId, reviewPolicy: "not_vetoed" });
      const dataset = await curateDataset(deps, personId, input);
      expect(dataset.exampleCount).toBeGreaterThan(0);
      const examples = await examplesIn(store, dataset.datasetId);
      for (const { provenance, messages } of examples)
        for (const turn of provenance.turns) {
          if (turn.verdict !== null && turn.verdict !== "beneficial") expect(turn.train).toBe(false);
          expect(messages[turn.messageIndex]).toMatchObject({ role: "assistant", train: turn.train });
        }
      const { bytes } = await exportDataset(deps, dataset.datasetId, "openai", "rows");
      for (const line of (await textOf(bytes)).trimEnd().split("\n")) expect(line).toMatch(/"weight":1/);
    });
  },
);
