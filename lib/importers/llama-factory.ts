import { z } from "zod";
import type { Importer } from "@/lib/core/ports";
import type { Message } from "@/lib/core/trajectory";
import { Tools } from "./chat-messages";
import { keyOf } from "./message-text";
import { environmentOf, outcomeOf } from "./outcome";
import { shaped } from "./record-value";
import { Fragments, holdsList, isRecord, messageOf } from "./sharegpt";
import { instructionOf, readTurns } from "./turns";
import { writtenCalls } from "./written-calls";

const Entry = z.object({
  conversations: Fragments,
  system: z.string().nullish(),
  tools: Tools,
  environment: z.string().min(1).nullish(),
  subtaskKey: z.string().min(1).nullish(),
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

/** LLaMA-Factory's ShareGPT rows: `conversations` without an id, beside them `system` and `tools` as JSON text. */
export const llamaFactory: Importer = {
  format: "llama-factory",
  title: "LLaMA-Factory ShareGPT (conversations, system, tools)",
  recognises: (record) =>
    isRecord(record) &&
    !("id" in record) &&
    ("system" in record || "tools" in record) &&
    holdsList(record, "conversations", ["from", "value"]),
  read(record, defaults) {
    const entry = shaped(Entry, record);
    const conversation = new Conversation();
    const said = entry.conversations.flatMap((fragment) => conversation.messagesOf(fragment));
    const rules: Message[] = entry.system ? [{ role: "system", content: entry.system }] : [];
    const turns = readTurns([...rules, ...said], { react: "marked" });
    const environment = environmentOf(entry.environment, defaults);
    return {
      environment,
      subtaskKey: entry.subtaskKey ?? keyOf(turns),
      instruction: instructionOf(turns),
      source: defaults.source,
      model: defaults.model,
      ...outcomeOf({}, environment, defaults),
      ...turns,
      tools: entry.tools ?? null,
      externalId: null,
    };
  },
};
