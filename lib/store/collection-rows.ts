import { z } from "zod";
import {
  Budget,
  CollectionConfig,
  collectionStates,
  endReasons,
  episodeStatuses,
} from "@/lib/core/collection";
import type * as Core from "@/lib/core/rows";
import { sources } from "@/lib/core/trajectory";
import { Prisma } from "./generated/client";

const Int = z.number().int();
const Text = z.string().nullable();
const Time = z.date();

export const CollectionRow = z.object({
  collectionId: Int,
  name: z.string(),
  environmentId: Int,
  environment: z.string(),
  policyId: Int,
  checkpoint: z.string(),
  source: z.enum(sources),
  config: CollectionConfig,
  budget: Budget,
  state: z.enum(collectionStates),
  endReason: z.enum(endReasons).nullable(),
  error: Text,
  createdBy: z.string(),
  createdAt: Time,
  startedAt: Time.nullable(),
  finishedAt: Time.nullable(),
}) satisfies z.ZodType<Core.CollectionRow>;
/** Of `collection c`, `environment e` and `person`. */
export const collectionColumns = Prisma.sql`c.id as "collectionId", c.name, c.environment_id as "environmentId",
  e.name as environment, c.policy_id as "policyId", c.checkpoint, c.source, c.config,
  json_build_object('maxCalls', c.max_calls, 'maxTokens', c.max_tokens) as budget, c.state,
  c.end_reason as "endReason", c.error, person.name as "createdBy", c.created_at as "createdAt", c.started_at as "startedAt",
  c.finished_at as "finishedAt"`;

/** An episode with its place in the collection's order. */
export const EpisodeRow = z.object({
  episodeId: Int,
  position: Int,
  subtaskKey: z.string(),
  instruction: z.string(),
  taskType: Text,
  attempt: Int,
  status: z.enum(episodeStatuses),
  trajectoryId: Int.nullable(),
  duplicate: z.boolean(),
  reward: z.number().nullable(),
  success: z.boolean().nullable(),
  stepCount: Int.nullable(),
  calls: Int,
  errorCode: Text,
  errorMessage: Text,
}) satisfies z.ZodType<Core.EpisodeRow>;
