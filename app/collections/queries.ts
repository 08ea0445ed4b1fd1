import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { Budget, CollectionConfig, collectionStates, endReasons } from "@/lib/core/collection";
import type { CollectionProgress, CollectionRow } from "@/lib/core/rows";
import { sources } from "@/lib/core/trajectory";
import type { collectionView } from "@/lib/server/reads";
import { isLive } from "@/components/collection/collection-words";
import { fetchJson, PolicyAnswer } from "../queries";

/** A collection, how far it is, and what broke. */
export type CollectionView = Awaited<ReturnType<typeof collectionView>>;

const count = z.number();
const at = z.coerce.date();

const Collection: z.ZodType<CollectionRow> = z.object({
  collectionId: z.number(),
  name: z.string(),
  environmentId: z.number(),
  environment: z.string(),
  policyId: z.number(),
  checkpoint: z.string(),
  source: z.enum(sources),
  config: CollectionConfig,
  budget: Budget,
  state: z.enum(collectionStates),
  endReason: z.enum(endReasons).nullable(),
  error: z.string().nullable(),
  createdBy: z.string(),
  createdAt: at,
  startedAt: at.nullable(),
  finishedAt: at.nullable(),
});

const Progress: z.ZodType<CollectionProgress> = z.object({
  episodes: z.object({
    queued: count,
    running: count,
    completed: count,
    errored: count,
    cancelled: count,
    skipped: count,
  }),
  succeeded: count,
  duplicates: count,
  meanReward: count.nullable(),
  calls: count,
  promptTokens: count,
  completionTokens: count,
});

const CollectionAnswer: z.ZodType<CollectionView> = z.object({
  collection: Collection,
  policy: PolicyAnswer,
  progress: Progress,
  errors: z.array(
    z.object({ code: z.string(), message: z.string(), episodes: z.number(), subtaskKey: z.string() }),
  ),
});

const LIVE_MS = 1000;

/** A collection and how far it is, asked for every second while it is live. */
export function collectionQuery(collectionId: number) {
  return queryOptions({
    queryKey: ["collection", collectionId],
    queryFn: ({ signal }) => fetchJson(`/api/collections/${collectionId}`, CollectionAnswer, signal),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data && !isLive(state.data.collection.state) ? false : LIVE_MS),
  });
}
