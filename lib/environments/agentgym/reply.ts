import { strip } from "../python-text";

/** How AgentGym's client of a kind gets from a model's reply to what it sends. */
export type Reading = "last-action" | "only-action" | "first-action" | "sql" | "whole";

/** What follows is a model's whole reply, not an action; `lib/prompts/agentgym.ts` writes it. */
const wholeReply = "Reply:\n";

/** What goes to the server, or what the client answers itself without a step. */
export type Sent = { action: string } | { refusal: string };

/**
 * What AgentGym's client makes of an action. An action is what follows `Action:` in a reply; a text that holds `Action:`
 * itself, or is marked as a whole reply, is read as the reply it is.
 * Source: parse_react and the `step` of each client in AgentGym's agentenv/envs
 */
export function readAction(reading: Reading, action: string): Sent {
  if (action.startsWith(wholeReply)) return readReply(reading, action.slice(wholeReply.length));
  return readReply(reading, action.includes("Action:") ? action : `Action: ${action}`);
}

function readReply(reading: Reading, reply: string): Sent {
  switch (reading) {
    case "last-action":
      return { action: lastAction(withoutEnd(reply)) };
    case "only-action":
      return onlyAction(reply);
    case "first-action": {
      const [whole = "", first] = withoutEnd(reply).split("Action:");
      return { action: strip(first ?? whole) };
    }
    case "sql": {
      const fenced = reply.split("```sql").at(-1) ?? "";
      return { action: strip(fenced.split("```")[0] ?? "") };
    }
    case "whole":
      return { action: reply };
  }
}

/** The clients cut five characters where the mark `</s>` has four: the one before it goes too. */
const withoutEnd = (reply: string) => (reply.endsWith("</s>") ? reply.slice(0, -5) : reply);

function lastAction(reply: string): string {
  const at = reply.lastIndexOf("Action:");
  if (at >= 0) return strip(reply.slice(at + "Action:".length));
  return /(?:search|click)\[/.test(reply) ? strip(reply) : "";
}

function onlyAction(reply: string): Sent {
  const found = [...reply.matchAll(/Action:\s*([^]*?)(?=\n|$)/g)];
  if (found.length > 1)
    return { refusal: "Error: Only one 'Action' is allowed per response. Please adjust your response." };
  const plain = (found[0]?.[1] ?? "").replace(/[^A-Za-z0-9, ]+/g, "");
  const words = plain.split(" ").filter((word) => word !== "");
  return { action: words.join(" ") };
}
