import type { Message } from "@/lib/core/trajectory";
import { reactFormat } from "./react";

/** Changes with every change of wording; stored with every rollout. */
export const promptVersion = "scienceworld@1";

const rules = `You are in a house with a workshop, a greenhouse and a garden, and carry out a science experiment there, one \
action at a time. The first message names the task and shows the room you stand in; every action is answered with what \
it brings about.

These are the actions; OBJ is a thing you can see or carry, LOC a place next to this one:
look around, look at OBJ, look in OBJ, read OBJ, examine OBJ
go to LOC, open OBJ, close OBJ
pick up OBJ, put down OBJ, move OBJ to OBJ, inventory
activate OBJ, deactivate OBJ, use OBJ, use OBJ on OBJ
pour OBJ into OBJ, dunk OBJ into OBJ, mix OBJ
connect OBJ to OBJ, disconnect OBJ
eat OBJ, flush OBJ
focus on OBJ
wait (ten units of time pass), wait1 (one passes)
task (shows the task again)

Name things as they are written in what you see. Where a name fits several things, you are shown a numbered list: answer \
with the number alone as your action. Doors and containers may have to be opened first.

focus on OBJ says which thing the task is about. Use it only for what the task tells you to focus on: focusing on a wrong \
thing ends the task at once, and it is lost. Some things need time to heat, grow or cool: wait, and look again.`;

/** How an episode in ScienceWorld is opened; the task itself is in the first observation. */
export function scienceworldOpening(): Message[] {
  return [{ role: "system", content: `${rules}\n\n${reactFormat}` }];
}
