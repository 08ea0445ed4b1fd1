import "server-only";
import { refresh } from "next/cache";
import * as critiques from "@/lib/usecases/critiques";
import { defineAction } from "./action";
import { deps } from "./deps";

/** Asks a critic about chosen trajectories; answers how many critiques are new. */
export const askCritic = defineAction(critiques.CritiqueInput, async (input, person) => {
  const { critiqueIds, trajectories } = await critiques.askCritic(deps(), person.personId, input);
  refresh();
  return { asked: critiqueIds.length, trajectories };
});
