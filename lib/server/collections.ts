import "server-only";
import { refresh } from "next/cache";
import { z } from "zod";
import { Budget } from "@/lib/core/collection";
import * as collections from "@/lib/usecases/collections";
import { defineAction } from "./action";
import { deps } from "./deps";

export type { CollectionPlan, CollectionView } from "@/lib/usecases/collections";

const CollectionId = z.strictObject({ collectionId: z.number().int().positive() });
const Raised = CollectionId.extend({ budget: Budget });

/** What a collection would cost, before it is started. */
export const planCollection = defineAction(collections.CollectionInput, (input) =>
  collections.planCollection(deps(), input),
);

/** Starts a collection; answers where to look. */
export const startCollection = defineAction(collections.CollectionInput, async (input, person) => {
  const { collectionId } = await collections.startCollection(deps(), person.personId, input);
  return { collectionId };
});

export const cancelCollection = defineAction(CollectionId, async ({ collectionId }) => {
  await collections.cancelCollection(deps(), collectionId);
  refresh();
});

export const resumeCollection = defineAction(CollectionId, async ({ collectionId }) => {
  const episodes = await collections.resumeCollection(deps(), collectionId, ["cancelled"]);
  refresh();
  return { episodes };
});

export const retryEpisodes = defineAction(CollectionId, async ({ collectionId }) => {
  const episodes = await collections.resumeCollection(deps(), collectionId, ["errored"]);
  refresh();
  return { episodes };
});

/** Goes on under another budget with what was skipped for the old one. */
export const raiseBudget = defineAction(Raised, async ({ collectionId, budget }) => {
  const episodes = await collections.resumeCollection(deps(), collectionId, ["skipped"], budget);
  refresh();
  return { episodes };
});
