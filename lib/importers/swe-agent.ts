import { z } from "zod";
import type { Importer } from "@/lib/core/ports";
import type { Message, Step } from "@/lib/core/trajectory";
import { renderStep } from "@/lib/prompts/conversation";
import { callArguments, ContentText, keyOf } from "./message-text";
import { outcomeOf } from "./outcome";
import { shaped } from "./record-value";
import { isRecord } from "./sharegpt";
import { instructionOf, readTurns, type Turns } from "./turns";

const Call = z.object({
  id: z.string(),
  function: z.object({ name: z.string(), arguments: z.unknown().optional() }),
});
const Entry = z.object({
  role: z.enum(["system", "user", "assistant", "tool"]),
  content: ContentText,
  agent: z.string().nullish(),
  is_demo: z.boolean().nullish(),
  thought: z.string().nullish(),
  action: ContentText,
  tool_calls: z.array(Call).nullish(),
  tool_call_ids: z.array(z.string()).nullish(),
});
type Entry = z.infer<typeof Entry>;

const Turn = z.object({
  action: z.string().nullish(),
  observation: z.string().nullish(),
  response: z.string().nullish(),
  thought: z.string().nullish(),
});

const Told = z.object({
  instance_id: z.string().nullish(),
  model: z.string().nullish(),
  model_name: z.string().nullish(),
  resolved: z.boolean().nullish(),
  reward: z.number().nullish(),
});
const File = Told.extend({
  trajectory: z.array(Turn).nullish(),
  history: z.array(Entry).nullish(),
  messages: z.array(Entry).nullish(),
  info: Told.nullish(),
  replay_config: z.unknown().optional(),
});

function messageOf({ role, content, tool_calls: calls, tool_call_ids: answered }: Entry): Message {
  if (role === "tool") return { role, content, ...(answered?.[0] ? { toolCallId: answered[0] } : {}) };
  if (role !== "assistant" || !calls || calls.length === 0) return { role, content };
  const toolCalls = calls.map(({ id, function: { name, arguments: given } }) => {
    return { id, name, arguments: callArguments(given) };
  });
  return { role, content, toolCalls };
}

/** Old files keep the last observation beside the history only; a file of turns alone has nothing else. */
function historyOf({ history, messages, trajectory }: z.infer<typeof File>): Entry[] {
  const said = history ?? messages ?? [];
  if (said.length > 0) {
    const agent = said.find((entry) => entry.role === "assistant")?.agent ?? null;
    // A file may hold what helpers of the agent said among themselves.
    return agent === null ? said : said.filter((entry) => (entry.agent ?? agent) === agent);
  }
  return (trajectory ?? []).flatMap(({ response, thought, action, observation }): Entry[] => [
    {
      role: "assistant",
      content: response ?? [thought, action].filter(Boolean).join("\n\n"),
      thought,
      action: action ?? null,
    },
    { role: "user", content: observation ?? "", action: null },
  ]);
}

/** What the file says was thought and done, instead of what could be read out of the reply. */
function asSaid(step: Step, reply: Entry | undefined): Step {
  const action = reply?.action?.trimEnd();
  if (reply === undefined || !action) return step;
  const thought = reply.thought?.trim() ? reply.thought.trim() : null;
  return { ...step, thought, action, messages: renderStep(step) };
}

function readHistory(entries: Entry[]): Turns {
  const demos = entries.findLastIndex((entry) => entry.is_demo === true) + 1;
  const systems = entries.findIndex((entry) => entry.role !== "system");
  const openingLength = Math.max(demos, systems);
  const turns = readTurns(entries.map(messageOf), { react: "marked", openingLength });
  const replies = entries.slice(openingLength).filter((entry) => entry.role === "assistant");
  return { ...turns, steps: turns.steps.map((step, index) => asSaid(step, replies[index])) };
}

/** The task and model a run was configured with; SWE-agent keeps its configuration as JSON text. */
function configured(replay: unknown): { task: string | null; model: string | null } {
  let config: unknown = replay;
  if (typeof replay === "string") {
    try {
      config = JSON.parse(replay);
    } catch {
      config = null;
    }
  }
  const Config = z.object({
    problem_statement: z.object({ id: z.string() }).optional().catch(undefined),
    agent: z
      .object({ model: z.object({ name: z.string() }) })
      .optional()
      .catch(undefined),
  });
  const read = Config.safeParse(config);
  if (!read.success) return { task: null, model: null };
  return { task: read.data.problem_statement?.id ?? null, model: read.data.agent?.model.name ?? null };
}

/**
 * SWE-agent's `.traj`, one JSON object per file. It does not say whether the issue was resolved: `resolved` beside it or
 * in `info` is read where somebody added it. Demonstrations belong to the opening.
 */
export const sweAgent: Importer = {
  format: "swe-agent",
  title: "SWE-agent .traj (trajectory, history, info)",
  recognises(record) {
    if (!isRecord(record)) return false;
    const turn: unknown = Array.isArray(record.trajectory) ? record.trajectory[0] : null;
    const entry: unknown = Array.isArray(record.history) ? record.history[0] : null;
    const turns = isRecord(turn) && "action" in turn && "observation" in turn;
    return turns || (isRecord(entry) && "role" in entry);
  },
  read(record, defaults) {
    const file = shaped(File, record);
    const turns = readHistory(historyOf(file));
    const { task, model } = configured(file.replay_config);
    const environment = defaults.environment ?? "swe-agent";
    const name = file.instance_id ?? file.info?.instance_id ?? task;
    return {
      environment,
      subtaskKey: name ?? keyOf(turns),
      instruction: instructionOf(turns),
      source: defaults.source,
      model: file.model ?? file.model_name ?? file.info?.model_name ?? model ?? defaults.model,
      ...outcomeOf(
        {
          reward: file.reward ?? file.info?.reward,
          success: file.resolved ?? file.info?.resolved,
        },
        environment,
        defaults,
      ),
      ...turns,
      finalObservation: turns.finalObservation ?? file.trajectory?.at(-1)?.observation ?? null,
      tools: null,
      externalId: name,
    };
  },
};
