import type { Answer, ChatRequest } from "./openai-server";

/** A model that buys the first thing it finds, reading nothing but the conversation it is sent. */
export function firstHit({ body }: ChatRequest): Answer {
  const page = body.messages.at(-1)?.content ?? "";
  const product = /\[SEP\] (C[A-Z0-9]{9}) \[SEP\]/.exec(page)?.[1];
  const action = page.includes("Buy Now")
    ? "click[buy now]"
    : product
      ? `click[${product}]`
      : `search[${/Find me ([^,]*)/.exec(page)?.[1] ?? "gift"}]`;
  return { reply: `Thought:\nI take what comes first.\n\nAction:\n${action}` };
}
