import { z } from "zod";
import type { Importer } from "@/lib/core/ports";
import { ChatMessages } from "./chat-messages";
import { outcomeOf } from "./outcome";
import { shaped } from "./record-value";
import { isRecord } from "./sharegpt";
import { clamp, instructionOf, readTurns } from "./turns";

const Entry = z.object({
  task_id: z.union([z.number().int(), z.string().min(1)]),
  trial: z.number().int().nullish(),
  reward: z.number(),
  info: z.object({ task: z.object({ instruction: z.string() }).nullish() }).nullish(),
  traj: ChatMessages,
});

/** tau-bench's published result files: `task_id`, `trial`, `reward`, `info.task`, and the chat as `traj`. */
export const tauBench: Importer = {
  format: "tau-bench",
  title: "tau-bench results (task_id, reward, traj)",
  recognises: (record) => isRecord(record) && "task_id" in record && "traj" in record,
  read(record, defaults) {
    const entry = shaped(Entry, record);
    const environment = defaults.environment ?? "tau-bench";
    const turns = readTurns(entry.traj, { react: "marked" });
    const asked = entry.info?.task?.instruction;
    return {
      environment,
      subtaskKey: `task_${entry.task_id}`,
      instruction: asked === undefined ? instructionOf(turns) : clamp(asked),
      source: defaults.source,
      model: defaults.model,
      ...outcomeOf(entry, environment, defaults),
      ...turns,
      tools: null,
      externalId: `task_${entry.task_id}_trial_${entry.trial ?? 0}`,
    };
  },
};
