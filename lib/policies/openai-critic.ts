import OpenAI from "openai";
import { readCritique } from "@/lib/core/critique";
import { AppError } from "@/lib/core/errors";
import { endpointNameOf, openGate, type Gate, type Gates } from "@/lib/core/gate";
import type { Critic, CriticReply, Usage } from "@/lib/core/ports";
import type { Message, TrajectoryDraft } from "@/lib/core/trajectory";
import { criticAgain, criticMessages, criticVersion } from "@/lib/prompts/critic";
import { failure, failureOf, type Endpoint } from "./endpoint-failure";
import { connectingFetch } from "./http";
import { callTimeoutMs, chatMessage, Completion, limitsOf, usageOf, type OpenAIConfig } from "./openai";
import { retrying, type Attempt } from "./retry";

/** How often a critic is asked again whose reply has not the asked form. */
const askedAgain = 1;
/** Room in a reply: for the form, and for each action's reason. */
const FORM_TOKENS = 200;
const STEP_TOKENS = 120;
/** The most tokens a reply may be given. */
const MOST_TOKENS = 32_768;

type Asked = Parameters<Critic["critique"]>[1];
type Answer = { content: string; read: ReturnType<typeof readCritique> };

class EndpointCritic implements Critic {
  readonly promptVersion = criticVersion;
  readonly checkpoint: string;
  private readonly client: OpenAI;
  private readonly endpoint: Endpoint;

  constructor(
    private readonly config: OpenAIConfig,
    secret: string | null,
    private readonly gate: Gate,
  ) {
    this.checkpoint = config.model;
    this.endpoint = { origin: new URL(config.baseURL).origin, model: config.model, secret };
    this.client = new OpenAI({
      baseURL: config.baseURL,
      apiKey: secret ?? "none",
      organization: null,
      project: null,
      maxRetries: 0,
      logLevel: "off",
      fetch: connectingFetch(),
    });
  }

  async critique(trajectory: TrajectoryDraft, asked: Asked): Promise<CriticReply> {
    const { attempts, backoffMs } = this.config;
    const plan = { attempts, backoffMs, seed: asked.seed, signal: asked.signal };
    const messages = criticMessages(trajectory);
    const usage = { promptTokens: 0, completionTokens: 0 };
    const spent = (cost: Usage) => {
      usage.promptTokens += cost.promptTokens;
      usage.completionTokens += cost.completionTokens;
      asked.spent?.(cost);
    };
    let wrong = "";
    for (let times = 0; times <= askedAgain; times += 1) {
      const call = () => this.call(messages, trajectory.steps.length, { ...asked, spent });
      const { content, read } = await retrying(call, plan, this.gate);
      if (read.ok) return { steps: read.steps, usage };
      wrong = read.wrong;
      if (content.trim() !== "") messages.push({ role: "assistant", content });
      messages.push({ role: "user", content: criticAgain(wrong) });
    }
    const what = `${this.config.model}: ${askedAgain + 1} replies could not be used; the last one: ${wrong}`;
    throw new AppError("bad_reply", what, {
      fix: "use a model that answers in JSON as asked, or one with a longer context",
    });
  }

  private async call(messages: Message[], length: number, asked: Asked): Promise<Attempt<Answer>> {
    const { model } = this.config;
    const maxTokens = Math.min(MOST_TOKENS, FORM_TOKENS + length * STEP_TOKENS);
    const deadline = AbortSignal.timeout(callTimeoutMs({ ...this.config, maxTokens }));
    try {
      const answer: unknown = await this.client.chat.completions.create(
        {
          model,
          temperature: 0,
          max_tokens: maxTokens,
          seed: asked.seed,
          messages: messages.map(chatMessage),
        },
        { signal: AbortSignal.any([asked.signal, deadline]) },
      );
      const completion = Completion.safeParse(answer);
      if (!completion.success) return failure("transient", this.endpoint, "answered without a reply");
      const usage = usageOf(completion.data.usage);
      if (usage) asked.spent?.(usage);
      const [choice] = completion.data.choices;
      const content = choice?.message.content ?? "";
      const read = readCritique(content, length);
      if (!read.ok && choice?.finish_reason === "content_filter")
        return failure("content_filter", this.endpoint, "filtered its reply");
      return { ok: true, value: { content, read }, outcome: { kind: read.ok ? "ok" : "bad_output" } };
    } catch (error) {
      const circumstances = { timedOut: deadline.aborted, answered: this.gate.answers > 0 };
      return failureOf(error, this.endpoint, circumstances);
    }
  }
}

/** The model of an endpoint as a critic, behind the same gate as when it acts. */
export function connectCritic(config: OpenAIConfig, secret: string | null, gates?: Gates): Critic {
  return new EndpointCritic(config, secret, gates?.(endpointNameOf(config), limitsOf(config)) ?? openGate());
}
