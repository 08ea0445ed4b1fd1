import { z } from "zod";
import type { Importer } from "@/lib/core/ports";
import type { Message, Step } from "@/lib/core/trajectory";
import { renderStep } from "@/lib/prompts/conversation";
import { ContentText, keyOf, repositoryTask } from "./message-text";
import { outcomeOf } from "./outcome";
import { reasoningOf, withReasoning } from "./reasoning";
import { shaped } from "./record-value";
import { isRecord } from "./sharegpt";
import { listOf } from "./span-text";
import { instructionOf, ofStep, readTurns } from "./turns";

const Call = z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) });
const Entry = z.object({
  /** `exit` is how a run ended, told to nobody. */
  role: z.enum(["system", "developer", "user", "assistant", "tool", "exit"]),
  content: ContentText,
  tool_calls: z.array(Call).nullish(),
  tool_call_id: z.string().nullish(),
  extra: z.object({ actions: z.array(z.object({ command: z.string().nullish() })).nullish() }).nullish(),
});
type Entry = z.infer<typeof Entry>;

const File = z.object({
  messages: z.array(z.unknown().transform(asEntry).pipe(Entry)).min(1),
  instance_id: z.string().min(1).nullish(),
  info: z
    .object({
      config: z.object({ model: z.object({ model_name: z.string().nullish() }).nullish() }).nullish(),
    })
    .nullish(),
});

/** Models behind the Responses API keep its items; they are put into the words of chats. */
function asEntry(said: unknown): unknown {
  if (!isRecord(said)) return said;
  if (said.type === "function_call_output")
    return { role: "tool", tool_call_id: said.call_id, content: said.output };
  if (said.object !== "response" || !Array.isArray(said.output)) return said;
  const items = said.output.filter(isRecord);
  const calls = items.filter((item) => item.type === "function_call");
  return {
    role: "assistant",
    content: items.flatMap((item) => (item.type === "message" ? listOf(item.content) : [])),
    tool_calls: calls.map(({ call_id: id, name, arguments: given }) => {
      return { id, function: { name, arguments: given } };
    }),
    extra: said.extra,
  };
}

function messageOf({ role, content, tool_calls: calls, tool_call_id: id }: Entry): Message {
  if (role === "tool") return { role, content, ...(id ? { toolCallId: id } : {}) };
  if (role !== "assistant") return { role: role === "user" ? "user" : "system", content };
  const toolCalls = (calls ?? []).map((call) => ({ id: call.id, ...call.function }));
  if (toolCalls.length === 0) return { role, content };
  return { role, content: content === "" ? null : content, toolCalls };
}

/** The commands that were run, where they stand in the text of a reply; what was said around them is the thought. */
function asRun(step: Step, reply: Entry | undefined): Step {
  const commands = (reply?.extra?.actions ?? []).flatMap(({ command }) => (command ? [command] : []));
  if (commands.length === 0 || (reply?.tool_calls ?? []).length > 0) return step;
  const said = (reply?.content ?? "").replace(/```[^\n`]*\n[\s\S]*?```/g, "").trim();
  const thought = said === "" ? null : said.replace(/^THOUGHT:\s*/, "");
  return { ...step, thought, action: commands.join("\n"), messages: renderStep(step) };
}

/**
 * Trajectories of mini-swe-agent, one JSON object per file. They do not say whether the issue was resolved: how a run
 * ended (`exit_status`) is no verdict.
 */
export const miniSweAgent: Importer = {
  format: "mini-swe-agent",
  title: "mini-swe-agent .traj.json (messages, info, trajectory_format)",
  recognises: (record) =>
    isRecord(record) &&
    typeof record.trajectory_format === "string" &&
    record.trajectory_format.startsWith("mini-swe-agent-"),
  read(record, defaults) {
    const file = shaped(File, record);
    const said = file.messages.filter(({ role }) => role !== "exit");
    const replies = said.filter(({ role }) => role === "assistant");
    const read = readTurns(said.map(messageOf), { react: "marked" });
    const replyOf = ofStep(read.steps, replies);
    const steps = read.steps.map((step, index) => asRun(step, replyOf(index)));
    const raw = isRecord(record) ? listOf(record.messages) : [];
    const spoken = raw.filter(
      (each) => isRecord(each) && (each.role === "assistant" || each.object === "response"),
    );
    const turns = withReasoning({ ...read, steps }, spoken.map(reasoningOf));
    const environment = defaults.environment ?? "mini-swe-agent";
    const name = file.instance_id ?? null;
    return {
      environment,
      subtaskKey: name === null ? keyOf(turns) : (repositoryTask(name) ?? name),
      instruction: instructionOf(turns),
      source: defaults.source,
      model: file.info?.config?.model?.model_name ?? defaults.model,
      ...outcomeOf({}, environment, defaults),
      ...turns,
      tools: null,
      externalId: name,
    };
  },
};
