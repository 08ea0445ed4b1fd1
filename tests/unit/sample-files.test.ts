import { createReadStream } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { gatherEvidence } from "@/lib/core/evidence";
import { paperRule } from "@/lib/core/rule";
import { judgeSteps } from "@/lib/core/verdict";
import { readEvidence } from "@/lib/importers/evidence";
import { readRecords } from "@/lib/importers/registry";

const file = (name: string) =>
  createReadStream(fileURLToPath(new URL(`../../public/${name}`, import.meta.url)));

it("the sample files of the import page fit each other and show beneficial, recovering and harmful actions", async () => {
  const lengths = new Map<string, number>();
  const defaults = { environment: null, source: "expert", model: null, withoutReward: "unknown" } as const;
  for await (const record of readRecords(file("sample-trajectories.jsonl"), { defaults })) {
    if (!record.ok) throw new Error(`line ${record.line}: ${record.reason}`);
    if (record.draft.success === false && record.draft.externalId)
      lengths.set(record.draft.externalId, record.draft.steps.length);
  }
  expect([...lengths]).toEqual([
    ["desk_1#expert", 6],
    ["desk_2#expert", 5],
  ]);
  const rollouts = new Map<string, Parameters<typeof gatherEvidence>[0]>();
  for await (const line of readEvidence(file("sample-evidence.jsonl"))) {
    if (!line.ok) throw new Error(`line ${line.line}: ${line.reason}`);
    const { trajectory, state, outcome } = line.evidence;
    const status = outcome === "errored" ? "errored" : "completed";
    const success = outcome === "errored" ? null : outcome === "success";
    rollouts.set(trajectory, [...(rollouts.get(trajectory) ?? []), { stateIndex: state, status, success }]);
  }
  const judged = (name: string) =>
    judgeSteps(lengths.get(name) ?? 0, gatherEvidence(rollouts.get(name) ?? []), {
      ...paperRule,
      alpha: 0.9,
    }).segments.map(
      (segment) => `${segment.from}-${segment.to} ${segment.verdict}${segment.recovery ? " recovery" : ""}`,
    );
  expect(judged("desk_1#expert")).toEqual(["0-2 beneficial", "2-3 redundant", "3-4 harmful", "4-6 dead_end"]);
  expect(judged("desk_2#expert")).toEqual([
    "0-1 harmful",
    "1-2 beneficial recovery",
    "2-3 beneficial recovery",
    "3-5 harmful",
  ]);
});
