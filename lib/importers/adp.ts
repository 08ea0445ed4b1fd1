import { z } from "zod";
import type { Importer } from "@/lib/core/ports";
import type { Message, Step } from "@/lib/core/trajectory";
import { renderStep } from "@/lib/prompts/conversation";
import { callArguments, keyOf, repositoryTask, Name } from "./message-text";
import { environmentOf, outcomeOf } from "./outcome";
import { shaped } from "./record-value";
import { environmentIn, isRecord } from "./sharegpt";
import { clamp, instructionOf, ofStep, readTurns } from "./turns";

const seen = { tool_call_id: z.string().nullish(), reward: z.number().nullish() };
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
    ...seen,
  }),
  z.object({ class_: z.literal("image_observation"), content: z.string(), ...seen }),
  z.object({ class_: z.literal("json_observation"), content: z.record(z.string(), z.unknown()), ...seen }),
  z.object({
    class_: z.literal("web_observation"),
    html: z.string().nullish(),
    axtree: z.string().nullish(),
    url: z.string().nullish(),
    image_observation: z.unknown().optional(),
    ...seen,
  }),
]);
type Item = z.infer<typeof Item>;

const Entry = z.object({
  id: Name,
  content: z.array(Item).min(1),
  details: z.record(z.string(), z.unknown()).nullish(),
});

const blank = (text: string | null | undefined) => !text || text.trim() === "";
const thoughtIn = (item: Item) =>
  "description" in item
    ? [item.reasoning_content, item.description].filter((text) => !blank(text)).join("\n\n") || null
    : null;

const thoughtOf = (items: Item[]) =>
  items
    .map(thoughtIn)
    .filter((text) => text !== null)
    .join("\n\n") || null;

/** Calls that were made at once stand one after another, before the answers to them. */
function replyOf([item, ...others]: Item[], index: number): Message | null {
  if (item === undefined) return null;
  const thought = thoughtOf([item, ...others]);
  if (item.class_ === "message_action")
    return { role: "assistant", content: thought === null ? item.content : `${thought}\n\n${item.content}` };
  if (item.class_ === "code_action")
    return {
      role: "assistant",
      content: `${thought === null ? "" : `${thought}\n\n`}\`\`\`${item.language}\n${item.content}\n\`\`\``,
    };
  if (item.class_ !== "api_action") return null;
  const calls = [item, ...others].filter((each) => each.class_ === "api_action");
  const toolCalls = calls.map(({ tool_call_id: id, function: name, kwargs }, at) => {
    return { id: id ?? `call_${index + at}`, name, arguments: callArguments(kwargs ?? {}) };
  });
  return { role: "assistant", content: thought, toolCalls };
}

function seenIn(item: Item): string {
  if (item.class_ === "web_observation") {
    const page = item.axtree ?? item.html ?? (item.image_observation ? "[image]" : "");
    return blank(item.url) ? page : `${item.url}\n${page}`;
  }
  if (item.class_ === "image_observation") return "[image]";
  if (item.class_ === "json_observation") return callArguments(item.content);
  return item.class_ === "text_observation" ? item.content : "";
}

/** Which call an observation answers; null where it does not say, and for what is none. */
const idOfAnswer = (item: Item | undefined) =>
  item !== undefined && !isAction(item) && "tool_call_id" in item ? (item.tool_call_id ?? null) : null;

type Part = { items: Item[]; index: number };

/** The items, with calls made at once together: each but the last is answered only after the next was made. */
function partsOf(items: Item[]): Part[] {
  const answers = new Map(items.map((item, index) => [idOfAnswer(item), index]));
  const parts: Part[] = [];
  for (const [index, item] of items.entries()) {
    const last = parts.at(-1);
    const before = last?.items.at(-1);
    const id = before?.class_ === "api_action" ? before.tool_call_id : null;
    const open = id ? (answers.get(id) ?? -1) > index : false;
    if (last && open && item.class_ === "api_action") last.items.push(item);
    else parts.push({ items: [item], index });
  }
  return parts;
}

/** What is seen answers the call it names, or else the one right before it; anything else is what the actor is told. */
function messagesOf(parts: Part[]): Message[] {
  const messages: Message[] = [];
  const called = new Map<string, string>();
  for (const { items, index } of parts) {
    const reply = replyOf(items, index);
    const [item] = items;
    for (const { id, name } of reply?.toolCalls ?? []) called.set(id, name);
    const before = messages.at(-1)?.toolCalls?.[0];
    const named = idOfAnswer(item);
    const id = named && called.has(named) ? named : before?.id;
    if (reply) messages.push(reply);
    else if (item === undefined) continue;
    else if (id === undefined) messages.push({ role: "user", content: seenIn(item) });
    else messages.push({ role: "tool", content: seenIn(item), toolCallId: id, ...nameOf(called.get(id)) });
  }
  return messages;
}

const nameOf = (name: string | undefined) => (name === undefined ? {} : { name });

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
    const parts = partsOf(content);
    const turns = readTurns(messagesOf(parts), { react: "marked" });
    const acts = parts.flatMap(({ items, index }) => {
      const [item] = items;
      return item !== undefined && isAction(item) ? [{ item, items, index: index + items.length - 1 }] : [];
    });
    const actOf = ofStep(turns.steps, acts);
    const steps = turns.steps.map((step, index): Step => {
      const act = actOf(index);
      if (act === undefined) return step;
      return {
        ...step,
        thought: thoughtOf(act.items),
        action: actionOf(act.item, step),
        reward: rewardAfter(content, act.index),
      };
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
