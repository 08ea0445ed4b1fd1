import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Store } from "@/lib/core/store";
import { createStore } from "@/lib/store/store";
import { curateDataset, DatasetInput } from "@/lib/usecases/datasets";
import { exportDataset } from "@/lib/usecases/exports";
import { storeEvidence } from "@/lib/usecases/evidence";
import { beginImport, Defaults } from "@/lib/usecases/imports";
import { storeTrajectories } from "@/lib/usecases/store-trajectories";
import { ReviewInput, reviewStep } from "@/lib/usecases/reviews";
import { Filter } from "@/lib/usecases/selection";
import { reviewRows } from "@/lib/usecases/trajectories";
import { verdictReports, type VerdictReport } from "@/lib/usecases/verdicts";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { textOf } from "../support/folders";
import { sharedDataMissing, sharedFile, sharedJson } from "../support/shared-data";

const Oracle = z.array(
  z.object({
    task_id: z.number(),
    trial: z.number(),
    reward: z.number(),
    oracle_success_by_prefix: z.array(z.number()),
  }),
);
const Results = z.array(
  z.object({ traj: z.array(z.object({ role: z.string(), tool_calls: z.array(z.unknown()).nullish() })) }),
);

/** One line of evidence per state: the state before a step has the value for the tool calls made before it. */
function evidenceLines(): string[] {
  const oracle = Oracle.parse(sharedJson("tau-bench", "oracle-40.json"));
  const results = Results.parse(sharedJson("tau-bench", "gpt-4o-airline-40.json"));
  return results.flatMap(({ traj }, i) => {
    const truth = oracle[i];
    if (!truth) throw new Error(`no oracle for trajectory ${i}`);
    const turns = traj.filter((m) => m.role === "assistant");
    const calls = turns.map((m) => m.tool_calls?.length ?? 0);
    const made = [...calls, 0].map((_, t) => calls.slice(0, t).reduce((sum, n) => sum + n, 0));
    return made.map((n, state) => {
      const outcome = truth.oracle_success_by_prefix[n] === 1 ? "success" : "failure";
      const trajectory = `task_${truth.task_id}_trial_${truth.trial}`;
      return JSON.stringify({ trajectory, state, attempt: 0, outcome, checkpoint: "oracle" });
    });
  });
}

describe.skipIf(sharedDataMissing("tau-bench", "gpt-4o-airline-40.json"))(
  "tau-bench, from file to export",
  () => {
    let database: TestDatabase;
    let store: Store;
    let personId: number;
    let runId: number;
    const reports: VerdictReport[] = [];

    beforeAll(async () => {
      database = await createTestDatabase();
      store = createStore(database.url);
      personId = (await store.people.ensure("ada")).personId;
      const file = { fileName: "gpt-4o-airline-40.json", format: null, defaults: {} };
      const { importId } = await beginImport({ store }, personId, { kind: "trajectories", ...file });
      const bytes = createReadStream(sharedFile("tau-bench", "gpt-4o-airline-40.json"));
      const row = await storeTrajectories({ store }, importId, bytes, {
        defaults: Defaults.parse({ model: "gpt-4o" }),
      });
      expect(row).toMatchObject({
        state: "stored",
        records: 40,
        stored: 40,
        rejected: 0,
        format: "tau-bench",
      });
      const evidence = await beginImport({ store }, personId, { kind: "evidence", ...file });
      const lines = evidenceLines();
      const source = { name: "oracle", checkpoint: "oracle", alpha: 0 };
      const from = Readable.from(lines.map((line) => Buffer.from(line + "\n")));
      const stored = await storeEvidence({ store }, personId, evidence.importId, from, source);
      expect(stored.row).toMatchObject({
        state: "stored",
        records: lines.length,
        stored: lines.length,
        rejected: 0,
      });
      runId = stored.run?.runId ?? 0;
      for await (const report of verdictReports({ store }, runId, null)) reports.push(report);
    });

    afterAll(async () => {
      await store?.close();
      await database?.drop();
    });

    it("finds the one irreversible call in 20 of the 28 failed trajectories and none in the other 8", async () => {
      const failed = await store.trajectories.ids(failedExperts, 100);
      expect(failed).toHaveLength(28);
      const harmful = reports
        .filter((r) => r.success === false)
        .map((r) => r.actions.filter((a) => a.verdict === "harmful"));
      expect(harmful.filter((actions) => actions.length === 1)).toHaveLength(20);
      expect(harmful.filter((actions) => actions.length === 0)).toHaveLength(8);
      for (const [action] of harmful) if (action) expect(action.action).toMatch(/^\w+\(\{/);
    });

    it("rejects evidence of a state that is not there, with its line and byte", async () => {
      const [first = ""] = evidenceLines();
      const bad = JSON.stringify({ ...(JSON.parse(first) as object), state: 999 });
      const about = { kind: "evidence" as const, fileName: "x", format: null, defaults: {} };
      const { importId } = await beginImport({ store }, personId, about);
      const from = Readable.from([Buffer.from(`${first}\n${bad}\n`)]);
      const source = { name: "again", checkpoint: null, alpha: 0 };
      const { row } = await storeEvidence({ store }, personId, importId, from, source);
      expect(row).toMatchObject({ records: 2, stored: 1, rejected: 1 });
      const { rows } = await store.imports.rejections(importId, null, 10);
      expect(rows).toEqual([
        expect.objectContaining({
          line: 2,
          byteOffset: first.length + 1,
          reason: expect.stringContaining("state 999"),
        }),
      ]);
    });

    it("reviews, freezes and exports, and imports its own export again", async () => {
      const report = reports.find((r) => r.actions.some((a) => a.verdict === "harmful"));
      if (!report) throw new Error("no harmful action found");
      const promoted = report.actions.filter((a) => a.verdict === "redundant").slice(0, 2);
      for (const { step } of promoted) await decide(report.trajectoryId, step, "promote", null);
      await expect(decide(report.trajectoryId, promoted[0]?.step ?? 0, "approve", null)).rejects.toThrow(
        /only beneficial/,
      );
      const selection = { filter: { ...failedExperts, success: null } };
      const input = DatasetInput.parse({ name: "tau", selection, runId, includeSolved: true });
      const dataset = await curateDataset({ store }, personId, input);
      expect(dataset.exampleCount).toBe(12 + 1);
      for (const format of ["openai", "agenttraj"]) {
        const first = await exported(dataset.datasetId, format);
        expect(await exported(dataset.datasetId, format)).toBe(first);
        const lines = first.trimEnd().split("\n");
        expect(lines).toHaveLength(13);
        const { importId } = await beginImport({ store }, personId, {
          kind: "trajectories",
          fileName: "x",
          format: null,
          defaults: {},
        });
        const again = await storeTrajectories({ store }, importId, Readable.from([Buffer.from(first)]), {
          defaults: Defaults.parse({ environment: "again" }),
        });
        expect(again).toMatchObject({ state: "stored", records: 13, rejected: 0, format });
      }
    });

    const failedExperts = Filter.parse({ source: "expert", success: false });

    async function decide(
      trajectoryId: number,
      step: number,
      decision: "promote" | "approve",
      reason: string | null,
    ) {
      const rows = await reviewRows({ store }, trajectoryId, runId);
      const expectedVersion = rows.decisions.find((d) => d.stepIndex === step)?.decision.version ?? 0;
      const input = {
        runId,
        trajectoryId,
        target: "step" as const,
        targetIndex: step,
        decision,
        reason,
        note: null,
        expectedVersion,
      };
      return reviewStep({ store }, personId, ReviewInput.parse(input));
    }

    async function exported(datasetId: number, format: string): Promise<string> {
      const { bytes } = await exportDataset({ store }, datasetId, format, "rows");
      return textOf(bytes);
    }
  },
);
