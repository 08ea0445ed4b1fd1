import { createReadStream, existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readRecords } from "@/lib/importers/registry";

const shared = "../shared/data";

/** Every file of the folder: trajectories, of these solved, failed, unknown; steps; records that are none. */
const expected: Record<string, [number, number, number, number, number, number]> = {
  "adp-samples/agenttuning_alfworld/sample_raw.json": [5, 0, 0, 5, 84, 0],
  "adp-samples/agenttuning_alfworld/sample_std.json": [5, 0, 0, 5, 89, 0],
  "adp-samples/agenttuning_webshop/sample_raw.json": [5, 0, 0, 5, 17, 0],
  "adp-samples/agenttuning_webshop/sample_std.json": [5, 0, 0, 5, 22, 0],
  "adp-samples/eto/sample_raw.json": [3, 2, 1, 0, 12, 0],
  "adp-samples/eto/sample_std.json": [3, 0, 0, 3, 12, 0],
  "adp-samples/nebius_SWE-agent-trajectories/sample_raw.json": [5, 5, 0, 0, 49, 0],
  "adp-samples/nebius_SWE-agent-trajectories/sample_std.json": [5, 0, 0, 5, 54, 0],
  "adp-samples/swe-gym_openhands_sampled_trajectories/sample_raw.json": [5, 5, 0, 0, 88, 0],
  "adp-samples/swe-gym_openhands_sampled_trajectories/sample_std.json": [5, 5, 0, 0, 96, 0],
  "inspect/2025-02-11T15-17-00-05-00_popularity_dPiJifoWeEQBrfWsAopzWr.eval": [10, 0, 0, 10, 10, 0],
  "inspect/2025-05-12T20-27-36-04-00_browser.json": [1, 1, 0, 0, 5, 0],
  "inspect/log_read_sample.eval": [1, 1, 0, 0, 1, 0],
  "inspect/log_read_sample.json": [1, 1, 0, 0, 1, 0],
  // Only answers of tools, nobody acts.
  "inspect/log_tool_call_error.json": [0, 0, 0, 0, 0, 1],
  "react-webshop/episodes_20.json": [20, 6, 14, 0, 152, 0],
  "scienceworld/gold_episodes_6.json": [6, 6, 0, 0, 254, 0],
  "swe-agent/function_calling_simple.traj": [1, 0, 0, 1, 5, 0],
  "swe-agent/networking_1.traj": [1, 0, 0, 1, 4, 0],
  "swe-agent/pydicom__pydicom-1458.traj": [1, 0, 0, 1, 12, 0],
  "swe-agent/swe-agent__test-repo-i1.traj": [1, 0, 0, 1, 5, 0],
  "tau-bench/gpt-4o-airline-40.json": [40, 12, 28, 0, 531, 0],
  "textcraft/episodes_10.json": [10, 7, 3, 0, 97, 0],
  "webshop-transcripts/episodes_text.json": [13, 4, 9, 0, 111, 0],
  "webshop-transcripts/episodes_text_rich.json": [2, 2, 0, 0, 21, 0],
  // Catalogues, goals and oracles hold no trajectories: each record is refused with a reason.
  "agentgym-prompts/react_conversation_start.json": [0, 0, 0, 0, 0, 1],
  "scienceworld/eef_oracle_cases_4.json": [0, 0, 0, 0, 0, 4],
  "tau-bench/oracle-40.json": [0, 0, 0, 0, 0, 40],
  "textcraft/recipe_tree_compact.json": [0, 0, 0, 0, 0, 1],
  "webshop-1k/goals_synthetic_6910.json": [0, 0, 0, 0, 0, 6910],
  "webshop-1k/items_human_ins_subset13.json": [0, 0, 0, 0, 0, 1],
  "webshop-1k/items_ins_v2_1000.json": [0, 0, 0, 0, 0, 1],
  "webshop-1k/items_shuffle_1000.json": [0, 0, 0, 0, 0, 1000],
  "webshop-1k/product_nouns_nltk.json": [0, 0, 0, 0, 0, 1],
  "webshop-transcripts/prices_seed0.json": [0, 0, 0, 0, 0, 1],
  "webshop-transcripts/reward_oracle.json": [0, 0, 0, 0, 0, 300],
};

function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name);
    if (statSync(file).isDirectory()) return filesIn(file);
    return /LICENSE|README/.test(name) ? [] : [path.relative(shared, file)];
  });
}

async function counted(file: string) {
  const defaults = {
    environment: /^(react|scienceworld|textcraft|webshop)/.test(file) ? "given" : null,
    source: "expert",
    model: null,
    withoutReward: "unknown",
  } as const;
  const counts = { read: 0, solved: 0, failed: 0, unknown: 0, steps: 0, refused: 0 };
  for await (const record of readRecords(createReadStream(path.join(shared, file)), { defaults })) {
    if (!record.ok) {
      expect(record.reason).not.toBe("");
      counts.refused += 1;
      continue;
    }
    const { success, steps, instruction } = record.draft;
    counts.read += 1;
    counts[success === null ? "unknown" : success ? "solved" : "failed"] += 1;
    counts.steps += steps.length;
    expect(instruction).not.toBe("");
    for (const step of steps) expect(step.action.trim()).not.toBe("");
  }
  return Object.values(counts);
}

describe.skipIf(!existsSync(shared))(
  `every file of ../shared/data${existsSync(shared) ? "" : " (skipped: the folder is absent)"}`,
  () => {
    it("is known here", () => {
      expect(filesIn(shared).toSorted()).toEqual(Object.keys(expected).toSorted());
    });

    it.each(Object.entries(expected))(
      "%s: trajectories, solved, failed, unknown, steps, refused = %j",
      async (file, counts) => {
        expect(await counted(file)).toEqual(counts);
      },
    );
  },
);
