import type { Message } from "@/lib/core/trajectory";

/** Version of the generic prompt below. */
export const reactVersion = "react@1";

/** The reply format every prompt of ours asks for, and `reactText` writes. */
export const reactFormat = [
  "Answer every observation in exactly this form:",
  "",
  "Thought:",
  "one or two sentences on what you see and why you act",
  "",
  "Action:",
  "the action, alone on its line",
].join("\n");

/** The opening for an environment that has no prompt file of its own. */
export function reactOpening(instruction: string): Message[] {
  return [
    {
      role: "system",
      content: `You act in an interactive environment, one action at a time.\n\n${reactFormat}`,
    },
    { role: "user", content: `Your task: ${instruction}` },
    { role: "assistant", content: "OK." },
  ];
}

/** Thought and action as one reply: the inverse of `parseReact`. */
export function reactText(thought: string | null, action: string): string {
  return thought === null ? `Action:\n${action}` : `Thought:\n${thought}\n\nAction:\n${action}`;
}

const actionMark = /Action:|ACTION:/g;
const thoughtMark = /Thought:|THOUGHT:/;
const bareCommand = /(?:search|click)\[/;

/**
 * Reads thought and action out of a reply, by the rules of AgentGym's client: split at the last `Action:`, the thought
 * is what follows `Thought:`, a trailing end-of-sequence mark is cut, and a reply without `Action:` that holds a shop
 * command is the action as a whole.
 * @returns null where no action can be read
 */
export function parseReact(text: string): { thought: string | null; action: string } | null {
  const body = text
    .trim()
    .replace(/<\/s>$/, "")
    .trim();
  const last = [...body.matchAll(actionMark)].at(-1);
  if (last === undefined) return bareCommand.test(body) ? { thought: null, action: body } : null;
  const action = body.slice(last.index + last[0].length).trim();
  if (action === "") return null;
  const before = body.slice(0, last.index);
  const mark = thoughtMark.exec(before);
  const thought = (mark === null ? before : before.slice(mark.index + mark[0].length)).trim();
  return { thought: thought === "" ? null : thought, action };
}

/** What a model is told when `parseReact` reads no action in its reply. */
export const askAgain = `No action could be read in that reply.\n\n${reactFormat}`;
