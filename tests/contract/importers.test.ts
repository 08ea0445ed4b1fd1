import { createReadStream, existsSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import type { ImportDefaults, ImportRecord } from "@/lib/core/ports";
import { TrajectoryDraft } from "@/lib/core/trajectory";
import { importers, readRecords } from "@/lib/importers/registry";
import { renderConversation } from "@/lib/prompts/conversation";

const defaults: ImportDefaults = {
  environment: null,
  source: "expert",
  model: null,
  withoutReward: "unknown",
};
const fixtures: Record<string, string> = {
  native: "native.jsonl",
  "tau-bench": "tau-bench.json",
  "tau2-bench": "tau2-bench.json",
  "mini-swe-agent": "mini-swe-agent.jsonl",
  agenttraj: "agenttraj.json",
  "llama-factory": "llama-factory.jsonl",
  eto: "eto.json",
  agentinstruct: "agentinstruct.json",
  openai: "openai.jsonl",
  atif: "atif.json",
  inspect: "inspect.jsonl",
  "swe-agent": "swe-agent.jsonl",
  "swe-trajectories": "swe-trajectories.jsonl",
  adp: "adp.json",
  "otel-genai": "otel.jsonl",
  episodes: "episodes.jsonl",
};
/** Spans make a record only together. */
const gathered = ["otel-genai"];

async function read(path: string, options: { format?: string; defaults?: Partial<ImportDefaults> } = {}) {
  const records: ImportRecord[] = [];
  const given = { ...defaults, ...options.defaults };
  const format = options.format === undefined ? {} : { format: options.format };
  for await (const record of readRecords(createReadStream(path), { ...format, defaults: given }))
    records.push(record);
  return records;
}

const draftsOf = (records: ImportRecord[]) =>
  records.map((record) => {
    if (!record.ok) throw new Error(`${record.line}: ${record.reason}`);
    return record.draft;
  });

describe.each(importers.map((importer) => [importer.format, importer] as const))(
  "importer %s",
  (format, importer) => {
    const path = `tests/fixtures/importers/${fixtures[format]}`;
    const named = { environment: "kitchen" };

    it("reads its fixture, named or detected, twice the same", async () => {
      const detected = await read(path, { defaults: named });
      expect(detected.length).toBeGreaterThan(0);
      expect(await read(path, { format, defaults: named })).toEqual(detected);
      for (const record of detected) expect(record).toMatchObject({ ok: true, format });
      if (!gathered.includes(format))
        expect(detected.map((record) => record.line)).toEqual(detected.map((_, index) => index + 1));
      for (const draft of draftsOf(detected)) expect(TrajectoryDraft.parse(draft)).toEqual(draft);
    });

    it("reads what the golden file says", async () => {
      const drafts = draftsOf(await read(path, { defaults: named }));
      const golden = `../fixtures/importers/${basename(path).replace(/\.jsonl?$/, "")}.drafts.json`;
      await expect(`${JSON.stringify(drafts, null, 1)}\n`).toMatchFileSnapshot(golden);
    });

    it("refuses records that are not its own with a reason, and never throws anything else", () => {
      for (const record of [
        null,
        1,
        "x",
        [],
        {},
        { messages: [] },
        { item_id: 1, conversations: null },
        { traj: 3 },
      ]) {
        expect(() => importer.read(record, defaults)).toThrowError(
          expect.objectContaining({ code: "invalid_input" }),
        );
        expect(typeof importer.recognises(record)).toBe("boolean");
      }
    });
  },
);

it("takes each fixture for its own format", async () => {
  const { readFile } = await import("node:fs/promises");
  for (const [format, file] of Object.entries(fixtures)) {
    if (gathered.includes(format)) continue;
    const text = await readFile(`tests/fixtures/importers/${file}`, "utf8");
    const first: unknown = file.endsWith(".json")
      ? JSON.parse(text)[0]
      : JSON.parse(text.split("\n")[0] ?? "");
    expect(importers.find((importer) => importer.recognises(first))?.format).toBe(format);
  }
});

const shared = "../shared/data";
describe.skipIf(!existsSync(shared))(
  `real files${existsSync(shared) ? "" : " (skipped: ../shared/data is absent)"}`,
  () => {
    it("reads tau-bench's published results as they are", async () => {
      const drafts = draftsOf(await read(`${shared}/tau-bench/gpt-4o-airline-40.json`));
      expect(drafts).toHaveLength(40);
      expect(drafts.filter((draft) => draft.success === false)).toHaveLength(28);
      expect(drafts[0]).toMatchObject({
        environment: "tau-bench",
        subtaskKey: "task_0",
        externalId: "task_0_trial_0",
      });
    });

    it("keeps every message of tau-bench in its place", async () => {
      const { readFile } = await import("node:fs/promises");
      const raw: { traj: { role: string; content: string | null }[] }[] = JSON.parse(
        await readFile(`${shared}/tau-bench/gpt-4o-airline-40.json`, "utf8"),
      );
      const drafts = draftsOf(await read(`${shared}/tau-bench/gpt-4o-airline-40.json`));
      drafts.forEach((draft, index) => {
        const rebuilt = renderConversation({ driverId: null, ...draft }, draft.steps);
        const original = raw[index]?.traj ?? [];
        expect(rebuilt.map(({ role, content }) => ({ role, content }))).toEqual(
          original.slice(0, rebuilt.length).map(({ role, content }) => ({ role, content })),
        );
        const calls = original.filter((message) => "tool_calls" in message).length;
        expect(rebuilt.filter((message) => message.toolCalls).length).toBe(calls);
      });
    });

    it.each([
      ["eto", 3, "webshop"],
      ["agenttuning_webshop", 5, "webshop"],
      ["agenttuning_alfworld", 5, "alfworld"],
    ])("reads the published %s sample", async (folder, count, environment) => {
      const drafts = draftsOf(await read(`${shared}/adp-samples/${folder}/sample_raw.json`));
      expect(drafts).toHaveLength(count);
      for (const draft of drafts) {
        expect(draft.environment).toBe(environment);
        expect(draft.opening.map((message) => message.role)).toEqual(["user", "assistant"]);
        for (const step of draft.steps) expect(step.action).not.toMatch(/thought:|action:/i);
        expect(draft.steps.every((step) => !step.observation.startsWith("Observation:"))).toBe(true);
      }
    });
  },
);
