import { z } from "zod";
import type { Message } from "@/lib/core/trajectory";

const TextPart = z.object({ type: z.enum(["text", "input_text", "output_text"]), text: z.string() });
const Content = z
  .union([z.string(), z.array(TextPart)], { error: "must be text; images and other parts cannot be read" })
  .nullish()
  .transform((content) =>
    Array.isArray(content) ? content.map((part) => part.text).join("") : (content ?? null),
  );

const ToolCall = z
  .object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) })
  .transform((call) => ({ id: call.id, name: call.function.name, arguments: call.function.arguments }));

const Entry = z.object({
  role: z.enum(["system", "developer", "user", "assistant", "tool", "function"]),
  content: Content,
  tool_calls: z.array(ToolCall).nullish(),
  tool_call_id: z.string().nullish(),
  name: z.string().nullish(),
});

/** Chat messages as OpenAI spells them, in our spelling. Other keys, `weight` among them, are not read. */
export const ChatMessages = z.array(Entry.transform(toMessage)).min(1);

function toMessage({ role, content, tool_calls, tool_call_id, name }: z.infer<typeof Entry>): Message {
  if (role === "assistant") {
    return { role, content, ...(tool_calls && tool_calls.length > 0 ? { toolCalls: tool_calls } : {}) };
  }
  if (role === "tool" || role === "function") {
    return {
      role: "tool",
      content,
      ...(tool_call_id ? { toolCallId: tool_call_id } : {}),
      ...(name ? { name } : {}),
    };
  }
  return { role: role === "developer" ? "system" : role, content };
}
