import { setTimeout as pause } from "node:timers/promises";
import { drawFrom } from "@/lib/policies/random";
import { startOpenAIServer, type ChatRequest, type OpenAIServer } from "./openai-server";
import { createBlocks, type Blocks } from "./prefix-cache";

/** One call: on which server, about how many messages, its body, and what a cache sees of it. */
export type LoggedCall = { server: number; seed: number; messages: number; text: string; blocks: Blocks };

const words =
  "the page shows what was asked for and a price so it is worth a closer look before going on".split(" ");

/** A shopper that wanders: what it does follows from the page and the request's seed, as of a model at temperature 1. */
function wander({ body }: ChatRequest): string {
  const page = body.messages.at(-1)?.content ?? "";
  const draw = drawFrom(body.seed ?? 0);
  const thought = Array.from(
    { length: 12 + Math.floor(draw() * 20) },
    () => words[Math.floor(draw() * words.length)],
  );
  const products = [...page.matchAll(/\[SEP\] ([A-Z0-9]{10}) \[SEP\]/g)].map(([, id]) => id);
  const asked = (/Instruction: \[SEP\] (.*?) \[SEP\]/.exec(page)?.[1] ?? "gift").split(" ");
  const from = Math.floor(draw() * asked.length);
  const action = page.includes("Buy Now")
    ? draw() < 0.4
      ? "click[buy now]"
      : draw() < 0.6
        ? "click[description]"
        : "click[< prev]"
    : products.length > 0
      ? `click[${products[Math.floor(draw() * Math.min(5, products.length))]}]`
      : page.includes("< Prev")
        ? "click[< prev]"
        : `search[${asked.slice(from, from + 6).join(" ")}]`;
  return `Thought:\n${thought.join(" ")}\n\nAction:\n${action}`;
}

/** A chat as most templates write it: role and text of each message, then the beginning of the reply. */
const written = (messages: ChatRequest["body"]["messages"]): string =>
  `${messages.map(({ role, content }) => `<|im_start|>${role}\n${content}<|im_end|>\n`).join("")}<|im_start|>assistant\n`;

/** A model on so many servers that writes down what it is sent, in the order in which it came. */
export async function startLoggedModel(servers: number, latencyMs: number) {
  const calls: LoggedCall[] = [];
  const blocksOf = createBlocks();
  const open: OpenAIServer[] = [];
  for (let server = 0; server < servers; server++)
    open.push(
      await startOpenAIServer(async (request) => {
        const { seed = 0, messages } = request.body;
        const reply = wander(request);
        const blocks = blocksOf(written(messages), `${reply}<|im_end|>\n`);
        calls.push({ server, seed, messages: messages.length, text: request.text, blocks });
        open[server]?.requests.splice(0);
        await pause(latencyMs * (0.5 + drawFrom(seed)()));
        return { reply, usage: { prompt_tokens: Math.round(blocks.tokens), completion_tokens: 40 } };
      }),
    );
  return {
    calls,
    urls: open.map(({ baseURL }) => baseURL),
    close: async () => void (await Promise.all(open.map((server) => server.close()))),
  };
}
