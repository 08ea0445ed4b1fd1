import type { Message } from "@/lib/core/trajectory";
import { toolCallAction } from "@/lib/prompts/conversation";
import { parseReact } from "@/lib/prompts/react";

/** What a reply does, without the thought: its calls, its action, else all of it. */
export function actionOf({ content, toolCalls }: Pick<Message, "content" | "toolCalls">): string {
  if (toolCalls && toolCalls.length > 0) return toolCallAction(toolCalls);
  return parseReact(content ?? "")?.action ?? (content ?? "").trim();
}
