import { z } from "zod";
import type { Importer } from "@/lib/core/ports";
import type { Message } from "@/lib/core/trajectory";
import { Tools } from "./chat-messages";
import { keyOf, Name } from "./message-text";
import { environmentOf, outcomeOf } from "./outcome";
import { shaped } from "./record-value";
import { environmentIn, Fragments, holdsList, isRecord, messageOf } from "./sharegpt";
import { instructionOf, readTurns } from "./turns";
import { writtenCalls } from "./written-calls";

const Entry = z.object({
  conversations: Fragments,
  system: z.string().nullish(),
  tools: Tools,
  environment: z.string().min(1).nullish(),
  subtaskKey: z.string().min(1).nullish(),
  id: Name.nullish(),
  reward: z.number().nullish(),
  model: z.string().nullish(),
});

const marked = /^([\s\S]*?)\n?<tool_call>([\s\S]*)<\/tool_call>\s*$/;
const between = "\n</tool_response>\n<tool_response>\n";

/** Calls carry no ids here: they get one by their place, and the answers to them the same. */
class Conversation {
  private called = 0;
  private open: string[] = [];

  messagesOf(fragment: z.infer<typeof Fragments>[number]): Message[] {
    if (fragment.from === "function_call") return [this.call(fragment.value) ?? messageOf(fragment)];
    if (fragment.from === "observation" && this.open.length > 0) return this.answers(fragment.value);
    this.open = [];
    return [messageOf(fragment)];
  }

  private call(value: string): Message | null {
    const [, said, listed] = marked.exec(value) ?? [null, null, value];
    const calls = writtenCalls(listed ?? "");
    if (calls === null) return null;
    const toolCalls = calls.map((call) => ({ id: `call_${(this.called += 1)}`, ...call }));
    this.open = toolCalls.map(({ id }) => id);
    return { role: "assistant", content: said ?? null, toolCalls };
  }

  private answers(value: string): Message[] {
    const ids = this.open;
    this.open = [];
    return value.split(between).map((content, index): Message => {
      const toolCallId = ids[index];
      return toolCallId === undefined ? { role: "user", content } : { role: "tool", content, toolCallId };
    });
  }
}

/** Whether a call stands in the list by itself, as LLaMA-Factory has it. */
const holdsCall = ({ conversations }: Record<string, unknown>) =>
  Array.isArray(conversations) &&
  conversations.some((each: unknown) => isRecord(each) && each.from === "function_call");

/**
 * LLaMA-Factory's ShareGPT rows: `conversations`, beside them `system` and `tools` as JSON text. Most have no id; rows
 * that have one are told by their tools or calls.
 */
export const llamaFactory: Importer = {
  format: "llama-factory",
  title: "LLaMA-Factory ShareGPT (conversations, system, tools)",
  recognises: (record) =>
    isRecord(record) &&
    ((!("id" in record) && ("system" in record || "tools" in record)) ||
      Boolean(record.tools) ||
      holdsCall(record)) &&
    holdsList(record, "conversations", ["from", "value"]),
  read(record, defaults) {
    const entry = shaped(Entry, record);
    const conversation = new Conversation();
    const said = entry.conversations.flatMap((fragment) => conversation.messagesOf(fragment));
    const rules: Message[] = entry.system ? [{ role: "system", content: entry.system }] : [];
    const turns = readTurns([...rules, ...said], { react: "marked" });
    const id = entry.id ?? null;
    const named = entry.environment ?? (id === null ? null : environmentIn(id, defaults.environment));
    const environment = environmentOf(named, defaults);
    return {
      environment,
      subtaskKey: entry.subtaskKey ?? id ?? keyOf(turns),
      instruction: instructionOf(turns),
      source: defaults.source,
      model: entry.model ?? defaults.model,
      ...outcomeOf({ reward: entry.reward }, environment, defaults),
      ...turns,
      tools: entry.tools ?? null,
      externalId: id,
    };
  },
};
