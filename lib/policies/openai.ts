import OpenAI from "openai";
import { z } from "zod";
import { BaseURL } from "@/lib/core/base-url";
import { AppError } from "@/lib/core/errors";
import { endpointNameOf, openGate, type EndpointName, type Gate, type Gates } from "@/lib/core/gate";
import { DEFAULT_LIMITS, type LimitSettings } from "@/lib/core/limit";
import type { Policy, PolicyDriver, Prices, Reply, Turn, Usage } from "@/lib/core/ports";
import type { Message } from "@/lib/core/trajectory";
import { promptVersion, readReply, renderConversation } from "@/lib/prompts/conversation";
import { askAgain } from "@/lib/prompts/react";
import { failure, failureOf, type Endpoint } from "./endpoint-failure";
import { connectingFetch } from "./http";
import { inOrder, Route, type Replica } from "./replicas";
import { retrying, type Attempt } from "./retry";

const Places = z.number().int().min(1).max(1000);
const Bounds = z
  .strictObject({ start: Places, min: Places, max: Places })
  .refine(({ start, min, max }) => min <= start && start <= max, { error: "must be min <= start <= max" });
const Price = z.number().min(0).max(1000);

const Settings = z.strictObject({
  /** Where the API lives, up to and including `/v1`. */
  baseURL: BaseURL,
  /** Further servers of the same model under the same key; the calls of one subtask go to one of them. */
  replicas: z.array(BaseURL).max(255).default([]),
  model: z.string().min(1),
  temperature: z.number().min(0).max(2).default(0.7),
  maxTokens: z.number().int().min(1).max(32_768).default(512),
  /** For one call, from sending to the last byte of the answer; what is not set follows from `maxTokens`. */
  timeoutMs: z.number().int().min(100).max(600_000).optional(),
  /** Failures of one call before its rollout is given up, not counting those of an endpoint that is down. */
  attempts: z.number().int().min(1).max(20).default(6),
  /** First wait between two of them; doubles each time. */
  backoffMs: z.number().int().min(1).max(60_000).default(500),
  /** Calls at once to each server, over all workers: a fixed number, or bounds within which it follows what the endpoint takes. */
  concurrency: z.union([Places, Bounds]).default(DEFAULT_LIMITS),
  /** What a thousand tokens cost, for budgets. */
  prices: z.strictObject({ promptPer1k: Price, completionPer1k: Price }).nullable().default(null),
});

function namesOf({ baseURL, replicas, model }: z.infer<typeof Settings>): EndpointName[] {
  return [baseURL, ...replicas].map((url) => endpointNameOf({ baseURL: url, model }));
}

export const OpenAIConfig = Settings.refine(
  (config) => new Set(namesOf(config).map(({ baseURL }) => baseURL)).size === config.replicas.length + 1,
  { error: "must not name a server twice", path: ["replicas"] },
);
export type OpenAIConfig = z.infer<typeof OpenAIConfig>;

/** The slowest model that is worth waiting for, and the time until it starts to write. */
const SLOWEST_TOKEN_MS = 60;
const FIRST_TOKEN_MS = 15_000;

/** How long one call may take: long enough for a slow model to write all it may. */
export function callTimeoutMs({
  timeoutMs,
  maxTokens,
}: Pick<OpenAIConfig, "timeoutMs" | "maxTokens">): number {
  return timeoutMs ?? Math.min(600_000, FIRST_TOKEN_MS + maxTokens * SLOWEST_TOKEN_MS);
}

export function limitsOf({ concurrency }: OpenAIConfig): LimitSettings {
  if (typeof concurrency !== "number") return concurrency;
  return { start: concurrency, min: concurrency, max: concurrency };
}

/** How often a model is asked again when no action can be read in its reply. */
const askedAgain = 2;

const Choice = z.object({
  message: z.object({ content: z.string().nullish() }),
  finish_reason: z.string().nullish(),
});
export const Completion = z.object({
  choices: z.array(Choice).min(1),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).nullish(),
});

type Answer = { content: string; read: ReturnType<typeof readReply>; usage: Usage | null };

export function chatMessage(message: Message): OpenAI.Chat.ChatCompletionMessageParam {
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

/** One server of the model. */
class Server {
  private readonly client: OpenAI;
  private readonly endpoint: Endpoint;

  constructor(
    baseURL: string,
    private readonly config: OpenAIConfig,
    secret: string | null,
    private readonly gate: Gate,
  ) {
    this.endpoint = { origin: new URL(baseURL).origin, model: config.model, secret };
    this.client = new OpenAI({
      baseURL,
      // Servers of one's own take any key, but the client insists on one.
      apiKey: secret ?? "none",
      organization: null,
      project: null,
      maxRetries: 0,
      timeout: callTimeoutMs(config),
      logLevel: "off",
      fetch: connectingFetch(),
    });
  }

  /** Asks for one token: whether the server answers anything at all. */
  async probe({ signal, spent }: Turn): Promise<Attempt<null>> {
    const deadline = AbortSignal.timeout(callTimeoutMs(this.config));
    try {
      const answer: unknown = await this.client.chat.completions.create(
        { model: this.config.model, max_tokens: 1, messages: [{ role: "user", content: "ping" }] },
        { signal: AbortSignal.any([signal, deadline]) },
      );
      const completion = Completion.safeParse(answer);
      if (!completion.success) return failure("transient", this.endpoint, "answered without a reply");
      const usage = usageOf(completion.data.usage);
      if (usage) spent?.(usage);
      return { ok: true, value: null, outcome: { kind: "ok" } };
    } catch (error) {
      return failureOf(error, this.endpoint, { timedOut: deadline.aborted, answered: this.gate.answers > 0 });
    }
  }

  async call(messages: Message[], { seed, signal, conversation, spent }: Turn): Promise<Attempt<Answer>> {
    const { model, temperature, maxTokens } = this.config;
    const deadline = AbortSignal.timeout(callTimeoutMs(this.config));
    try {
      // Whatever differs between two calls comes last, so that requests about one prefix begin with the same bytes.
      const answer: unknown = await this.client.chat.completions.create(
        { model, temperature, max_tokens: maxTokens, messages: messages.map(chatMessage), seed },
        { signal: AbortSignal.any([signal, deadline]) },
      );
      const completion = Completion.safeParse(answer);
      if (!completion.success) return failure("transient", this.endpoint, "answered without a reply");
      const usage = usageOf(completion.data.usage);
      if (usage) spent?.(usage);
      const [choice] = completion.data.choices;
      const content = choice?.message.content ?? "";
      const read = readReply(conversation, content);
      if (read === null && choice?.finish_reason === "content_filter")
        return failure("content_filter", this.endpoint, "filtered its reply");
      return { ok: true, value: { content, read, usage }, outcome: { kind: read ? "ok" : "bad_output" } };
    } catch (error) {
      const circumstances = { timedOut: deadline.aborted, answered: this.gate.answers > 0 };
      return failureOf(error, this.endpoint, circumstances);
    }
  }
}

/** Of a probe that would have gone to another server than the call it is about. */
const elsewhere: Attempt<null> = {
  ok: false,
  outcome: { kind: "aborted" },
  error: new AppError("endpoint_unavailable", "another server would have been asked"),
};

class EndpointPolicy implements Policy {
  readonly promptVersion = promptVersion;
  readonly checkpoint: string;
  readonly prices: Prices | null;
  readonly callsAtOnce: number;

  /** @param replicas where the model is served; at least one */
  constructor(
    private readonly config: OpenAIConfig,
    private readonly replicas: Replica<Server>[],
  ) {
    this.checkpoint = config.model;
    this.prices = config.prices;
    this.callsAtOnce = limitsOf(config).max * replicas.length;
  }

  async act(turn: Turn): Promise<Reply> {
    const messages = renderConversation(turn.conversation, turn.history, turn.observation.text);
    const route = new Route(inOrder(this.replicas, turn.affinity));
    let usage: Usage | null = null;
    for (let asked = 0; asked <= askedAgain; asked += 1) {
      const { read, content, usage: cost } = await this.ask(messages, turn, route);
      usage = added(usage, cost);
      const message: Message = { role: "assistant", content };
      if (read !== null) return { ...read, message, usage };
      if (content.trim() !== "") messages.push(message);
      messages.push({ role: "user", content: askAgain });
    }
    throw new AppError(
      "bad_reply",
      `${this.config.model}: no action could be read in ${askedAgain + 1} replies to the same observation`,
      { fix: "use a model that keeps to the Thought/Action format, or raise maxTokens" },
    );
  }

  private ask(messages: Message[], turn: Turn, route: Route<Server>): Promise<Answer> {
    const { attempts, backoffMs } = this.config;
    let { server } = route;
    const call = () => {
      ({ server } = route);
      return server.call(messages, turn);
    };
    // That another server answers says nothing of a call that failed at this one.
    const probe = () => (route.server === server ? server.probe(turn) : Promise.resolve(elsewhere));
    return retrying(call, { attempts, backoffMs, seed: turn.seed, signal: turn.signal }, route, probe);
  }
}

function connect(config: OpenAIConfig, secret: string | null, gates?: Gates): Policy {
  const replicas = namesOf(config).map((name) => {
    const gate = gates?.(name, limitsOf(config)) ?? openGate();
    return { url: name.baseURL, server: new Server(name.baseURL, config, secret, gate), gate };
  });
  return new EndpointPolicy(config, replicas);
}

export function usageOf(usage: z.infer<typeof Completion>["usage"]): Usage | null {
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
  connect,
};
