import { z } from "zod";
import type { Importer } from "@/lib/core/ports";
import type { Message, Step } from "@/lib/core/trajectory";
import { renderStep } from "@/lib/prompts/conversation";
import { callArguments, keyOf, repositoryTask } from "./message-text";
import { environmentOf, outcomeOf } from "./outcome";
import { shaped } from "./record-value";
import { environmentIn, isRecord } from "./sharegpt";
import { clamp, instructionOf, readTurns } from "./turns";

const said = { description: z.string().nullish(), reasoning_content: z.string().nullish() };
const reward = z.number().nullish();
const Item = z.discriminatedUnion("class_", [
  z.object({
    class_: z.literal("api_action"),
    function: z.string(),
    kwargs: z.record(z.string(), z.unknown()).nullish(),
    tool_call_id: z.string().nullish(),
    ...said,
    reward,
  }),
  z.object({
    class_: z.literal("code_action"),
    language: z.string(),
    content: z.string(),
    tool_call_id: z.string().nullish(),
    ...said,
    reward,
  }),
  z.object({ class_: z.literal("message_action"), content: z.string(), ...said, reward }),
  z.object({
    class_: z.literal("text_observation"),
    content: z.string(),
    source: z.string().nullish(),
    name: z.string().nullish(),
    reward,
  }),
  z.object({
    class_: z.literal("web_observation"),
    html: z.string().nullish(),
    axtree: z.string().nullish(),
    url: z.string().nullish(),
    reward,
  }),
]);
type Item = z.infer<typeof Item>;

const Entry = z.object({
  id: z.union([z.string().min(1), z.number()]).transform(String),
  content: z.array(Item).min(1),
  details: z.record(z.string(), z.unknown()).nullish(),
});

const blank = (text: string | null | undefined) => !text || text.trim() === "";
const thoughtOf = (item: Item) =>
  "description" in item
    ? [item.reasoning_content, item.description].filter((text) => !blank(text)).join("\n\n") || null
    : null;

function replyOf(item: Item, index: number): Message | null {
  const thought = thoughtOf(item);
  if (item.class_ === "message_action")
    return { role: "assistant", content: thought === null ? item.content : `${thought}\n\n${item.content}` };
  if (item.class_ === "code_action")
    return {
      role: "assistant",
      content: `${thought === null ? "" : `${thought}\n\n`}\`\`\`${item.language}\n${item.content}\n\`\`\``,
    };
  if (item.class_ !== "api_action") return null;
  const call = { id: item.tool_call_id ?? `call_${index}`, name: item.function };
  const toolCalls = [{ ...call, arguments: callArguments(item.kwargs ?? {}) }];
  return { role: "assistant", content: thought, toolCalls };
}

function seenIn(item: Item): string {
  if (item.class_ === "web_observation") {
    const page = item.axtree ?? item.html ?? "";
    return blank(item.url) ? page : `${item.url}\n${page}`;
  }
  return item.class_ === "text_observation" ? item.content : "";
}

/** What is seen right after a call answers it; anything else is what the actor is told. */
function messagesOf(items: Item[]): Message[] {
  const messages: Message[] = [];
  for (const [index, item] of items.entries()) {
    const reply = replyOf(item, index);
    const call = messages.at(-1)?.toolCalls?.[0];
    if (reply) messages.push(reply);
    else if (call)
      messages.push({ role: "tool", content: seenIn(item), toolCallId: call.id, name: call.name });
    else messages.push({ role: "user", content: seenIn(item) });
  }
  return messages;
}

function actionOf(item: Item, step: Step): string {
  return item.class_ === "code_action" || item.class_ === "message_action" ? item.content : step.action;
}

/** What was got for an action: said of it, or of what was seen after it. */
function rewardAfter(items: Item[], at: number): number | null {
  const next = items[at + 1];
  const given = items[at]?.reward ?? (next && !isAction(next) ? next.reward : null);
  return typeof given === "number" && given >= 0 && given <= 1 ? given : null;
}

const isAction = (item: Item) => item.class_.endsWith("_action");

function outcomeIn(details: Record<string, unknown>) {
  const number = Number(details.reward);
  const success = /^true$/i.test(String(details.resolved ?? details.success ?? ""));
  const failure = /^false$/i.test(String(details.resolved ?? details.success ?? ""));
  return {
    reward: details.reward === undefined || details.reward === "" || Number.isNaN(number) ? null : number,
    success: success ? true : failure ? false : null,
  };
}

function environmentNamed(id: string, known: string | null): string | null {
  if (known === null && repositoryTask(id) !== null) return "swe";
  return environmentIn(id, known);
}

/** The agent data protocol's standard form: `id`, `content` of actions and observations by `class_`, `details`. */
export const adp: Importer = {
  format: "adp",
  title: "Agent data protocol (id, content of actions and observations)",
  recognises: (record) => {
    const first: unknown = isRecord(record) && Array.isArray(record.content) ? record.content[0] : null;
    return isRecord(first) && "class_" in first;
  },
  read(record, defaults) {
    const { id, content, details } = shaped(Entry, record);
    const turns = readTurns(messagesOf(content), { react: "marked" });
    const acts = content.flatMap((item, index) => (isAction(item) ? [{ item, index }] : []));
    // The opening may hold a reply that only acknowledged the rules.
    const skipped = acts.length - turns.steps.length;
    const steps = turns.steps.map((step, index): Step => {
      const act = acts[index + skipped];
      if (act === undefined) return step;
      const thought = thoughtOf(act.item);
      return { ...step, thought, action: actionOf(act.item, step), reward: rewardAfter(content, act.index) };
    });
    const environment = environmentOf(environmentNamed(id, defaults.environment), defaults);
    const known = outcomeIn(details ?? {});
    const last = steps.findLast((step) => step.reward !== null)?.reward ?? null;
    const instruction = details?.instruction;
    return {
      environment,
      subtaskKey: repositoryTask(id) ?? (id === "" ? keyOf(turns) : id),
      instruction: typeof instruction === "string" ? clamp(instruction) : instructionOf(turns),
      source: defaults.source,
      model: typeof details?.model_name === "string" ? details.model_name : defaults.model,
      ...outcomeOf({ ...known, reward: known.reward ?? last }, environment, defaults),
      ...turns,
      steps: steps.map((step, index) => withMessages(step, turns.steps[index])),
      tools: null,
      externalId: id,
    };
  },
};

/** Thought and action were read anew: the messages they came from are kept beside them. */
function withMessages(step: Step, read: Step | undefined): Step {
  if (step.messages !== null || read === undefined) return step;
  const changed = step.action !== read.action || step.thought !== read.thought;
  if (!changed) return step;
  return { ...step, messages: renderStep(read) };
}
