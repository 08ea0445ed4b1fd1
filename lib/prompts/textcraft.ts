import type { Message } from "@/lib/core/trajectory";
import { reactFormat } from "./react";

/** Changes with every change of wording; stored with every rollout. */
export const promptVersion = "textcraft@1";

const rules = `You are in a workshop and have to craft one thing. The first text you see lists crafting commands and names \
your goal; it is not shown again. Not every command is needed.

There are three actions:
get 2 ash trunk fetches so many of one thing. Only what no command makes can be fetched.
craft 4 ash board using 1 ash trunk follows one of the commands, with exactly its amounts; craft again for more. What is \
used is gone.
inventory lists what you carry.

An ingredient may be a general name such as board: use one particular kind instead, such as ash board. Always write the \
amount before each name, and name one action at a time. You are done as soon as the goal is crafted.`;

/** How an episode in the workshop is opened; commands and goal are in its first observation. */
export function textcraftOpening(): Message[] {
  return [{ role: "system", content: `${rules}\n\n${reactFormat}` }];
}
