import type { Message } from "@/lib/core/trajectory";
import { reactFormat } from "./react";

/** Changes with every change of wording or reading; stored with every rollout. */
export const promptVersion = "agentgym@1";

const rules = `You act in a text environment, one action at a time. Each message shows you what the last action led to. Where \
the text lists the open actions, take one of them as it stands there. Where it does not:

in a web shop: search[keywords], or click[value] with a value of the page
in rooms with things to experiment with: look around, open OBJ, close OBJ, activate OBJ, deactivate OBJ, connect OBJ to OBJ, \
disconnect OBJ, use OBJ on OBJ, look at OBJ, look in OBJ, read OBJ, move OBJ to OBJ, pick up OBJ, put down OBJ, \
pour OBJ into OBJ, dunk OBJ into OBJ, mix OBJ, go to LOC, eat OBJ, flush OBJ, focus on OBJ, wait, wait1, task, inventory
with crafting commands: get N ITEM, craft N ITEM using N ITEM, N ITEM, or inventory
in a maze: move up, move down, move left, move right
with a word to guess: its five letters with a space between them
with a database: one SQL statement between \`\`\`sql and \`\`\`
with questions to research: <search>words</search>, then <answer>the answer</answer>
with tools: NAME with Action Input: {"argument": "value"}, in the same line as "Action:"; at the end finish with Action Input: {"answer": ANSWER}

Write "Action:" once in a reply.`;

/** How an episode on an AgentGym server is opened; no system message, as its models know none. */
export function agentgymOpening(instruction: string): Message[] {
  return [
    { role: "user", content: `${rules}\n\n${reactFormat}\n\nYour task: ${instruction}` },
    { role: "assistant", content: "OK." },
  ];
}

/** Marks an action that is a model's whole reply; `lib/environments/agentgym/reply.ts` reads it. */
const wholeReply = "Reply:\n";

/** Texts in which some client of AgentGym's finds the action elsewhere than after the one `Action:`. */
const foundElsewhere = /```|<(?:search|answer)>|<\/s>\s*$|\ufeff/;
const toolInput = /with\s*Action Input:/g;
const toolLine = /Action:[^\n]*with[ \t]*Action Input:[^\n]*$/;

/**
 * Thought and action of a reply, where every client of AgentGym's takes what follows `Action:` as the action; else the
 * whole reply as the action, which the environment then reads as AgentGym's client of its kind does.
 * @returns null where there is nothing but white space
 */
export function readAgentgymReply(text: string): { thought: string | null; action: string } | null {
  if (text.trim() === "") return null;
  const [before = "", after, ...more] = text.split("Action:");
  const action = after?.trim() ?? "";
  const inputs = text.match(toolInput)?.length ?? 0;
  const toolFits = inputs === 0 || (inputs === 1 && toolLine.test(text));
  const plain = more.length === 0 && action !== "" && !action.startsWith(wholeReply);
  if (!plain || !toolFits || foundElsewhere.test(text)) return { thought: null, action: wholeReply + text };
  const mark = before.indexOf("Thought:");
  const thought = (mark < 0 ? before : before.slice(mark + "Thought:".length)).trim();
  return { thought: thought === "" ? null : thought, action };
}
