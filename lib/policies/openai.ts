import OpenAI from "openai";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { Policy, PolicyDriver, Reply, Turn, Usage } from "@/lib/core/ports";
import type { Message } from "@/lib/core/trajectory";
import { promptVersion, readReply, renderConversation } from "@/lib/prompts/conversation";
import { askAgain } from "@/lib/prompts/react";
import { failure, failureOf, type Endpoint } from "./endpoint-failure";
import { retrying, type Attempt } from "./retry";

const metadataHosts = /^(169\.254\.|\[fd00:ec2:|\[::ffff:a9fe:|metadata\.)/i;

/** Where requests may go: anywhere a person names, but never with a password on show or to a cloud's metadata. */
function reachable(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hostname } = new URL(text);
  return /^https?:$/.test(protocol) && username === "" && password === "" && !metadataHosts.test(hostname);
}

const BaseURL = z.string().refine(reachable, {
  error: "must be an http or https address without a name or password, and no cloud metadata address",
});

export const OpenAIConfig = z.strictObject({
  /** Where the API lives, up to and including `/v1`. */
  baseURL: BaseURL,
  model: z.string().min(1),
  temperature: z.number().min(0).max(2).default(0.7),
  maxTokens: z.number().int().min(1).max(32_768).default(512),
  /** For one call, from sending to the last byte of the answer. */
  timeoutMs: z.number().int().min(100).max(600_000).default(60_000),
  /** Calls made for one reply before the endpoint counts as broken. */
  attempts: z.number().int().min(1).max(20).default(6),
  /** First wait between two of them; doubles each time. */
  backoffMs: z.number().int().min(1).max(60_000).default(500),
});
export type OpenAIConfig = z.infer<typeof OpenAIConfig>;

/** How often a model is asked again when no action can be read in its reply. */
const askedAgain = 2;

const Completion = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string().nullish() }) })).min(1),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).nullish(),
});

type Answer = { content: string; usage: Usage | null };

function chatMessage(message: Message): OpenAI.Chat.ChatCompletionMessageParam {
  const { role, toolCalls, toolCallId } = message;
  const content = message.content ?? "";
  if (role === "tool" && toolCallId !== undefined) return { role, tool_call_id: toolCallId, content };
  if (role === "system") return { role, content };
  if (role !== "assistant") return { role: "user", content };
  if (toolCalls === undefined || toolCalls.length === 0) return { role, content };
  const tool_calls = toolCalls.map(({ id, name, arguments: text }) => ({
    id,
    type: "function" as const,
    function: { name, arguments: text },
  }));
  return { role, content: message.content, tool_calls };
}

class EndpointPolicy implements Policy {
  readonly promptVersion = promptVersion;
  readonly checkpoint: string;
  private readonly client: OpenAI;
  private readonly endpoint: Endpoint;

  constructor(
    private readonly config: OpenAIConfig,
    secret: string | null,
  ) {
    this.checkpoint = config.model;
    this.endpoint = { origin: new URL(config.baseURL).origin, model: config.model, secret };
    this.client = new OpenAI({
      baseURL: config.baseURL,
      // Servers of one's own take any key, but the client insists on one.
      apiKey: secret ?? "none",
      organization: null,
      project: null,
      maxRetries: 0,
      timeout: config.timeoutMs,
      logLevel: "off",
      fetchOptions: { redirect: "manual" },
    });
  }

  async act(turn: Turn): Promise<Reply> {
    const messages = renderConversation(turn.conversation, turn.history, turn.observation.text);
    let usage: Usage | null = null;
    for (let asked = 0; asked <= askedAgain; asked += 1) {
      const { attempts, backoffMs } = this.config;
      const plan = { attempts, backoffMs, seed: turn.seed, signal: turn.signal };
      const answer = await retrying(() => this.call(messages, turn), plan);
      usage = added(usage, answer.usage);
      const read = readReply(turn.conversation, answer.content);
      const message: Message = { role: "assistant", content: answer.content };
      if (read !== null) return { ...read, message, usage };
      if (answer.content.trim() !== "") messages.push(message);
      messages.push({ role: "user", content: askAgain });
    }
    throw new AppError(
      "bad_reply",
      `${this.config.model}: no action could be read in ${askedAgain + 1} replies to the same observation`,
      { fix: "use a model that keeps to the Thought/Action format, or raise maxTokens" },
    );
  }

  private async call(messages: Message[], { seed, signal }: Turn): Promise<Attempt<Answer>> {
    const { model, temperature, maxTokens, timeoutMs } = this.config;
    const deadline = AbortSignal.timeout(timeoutMs);
    try {
      const answer: unknown = await this.client.chat.completions.create(
        { model, temperature, max_tokens: maxTokens, seed, messages: messages.map(chatMessage) },
        { signal: AbortSignal.any([signal, deadline]) },
      );
      const completion = Completion.safeParse(answer);
      const content = completion.data?.choices[0]?.message.content;
      if (!completion.success)
        return failure("endpoint_unavailable", this.endpoint, "answered without a reply");
      return { ok: true, value: { content: content ?? "", usage: usageOf(completion.data.usage) } };
    } catch (error) {
      return failureOf(error, this.endpoint, deadline.aborted);
    }
  }
}

function usageOf(usage: z.infer<typeof Completion>["usage"]): Usage | null {
  if (!usage) return null;
  return { promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens };
}

function added(left: Usage | null, right: Usage | null): Usage | null {
  if (left === null || right === null) return left ?? right;
  return {
    promptTokens: left.promptTokens + right.promptTokens,
    completionTokens: left.completionTokens + right.completionTokens,
  };
}

/** Any server that speaks OpenAI's chat completions: OpenAI itself, vLLM, llama.cpp, Ollama, a proxy. */
export const openai: PolicyDriver<OpenAIConfig> = {
  kind: "openai",
  title: "OpenAI-compatible endpoint",
  description: "A model behind any server that speaks OpenAI's chat completions, asked with a ReAct prompt.",
  Config: OpenAIConfig,
  connect: (config, secret) => new EndpointPolicy(config, secret),
};
