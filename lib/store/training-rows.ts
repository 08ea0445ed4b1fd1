import { z } from "zod";
import { trainingAttempts, trainingKinds, trainingLevels, trainingStates } from "@/lib/core/training";
import { TrainingSettings } from "@/lib/core/training-settings";
import type * as Core from "@/lib/core/training-store";
import { Prisma } from "./generated/client";

const Int = z.number().int();
const Text = z.string().nullable();
const Time = z.date().nullable();

export const TrainingProviderRow: z.ZodType<Core.TrainingProviderRow> = z.object({
  providerId: Int,
  name: z.string(),
  kind: z.enum(trainingKinds),
  config: z.unknown(),
  hasSecret: z.boolean(),
});
export const providerColumns = Prisma.sql`training_provider.id as "providerId", training_provider.name,
  training_provider.kind, training_provider.config, training_provider.secret is not null as "hasSecret"`;

const training = {
  trainingId: Int,
  key: z.string(),
  datasetId: Int,
  dataset: z.string(),
  contentHash: z.string(),
  providerId: Int,
  provider: z.string(),
  kind: z.enum(trainingKinds),
  settings: TrainingSettings,
  state: z.enum(trainingStates),
  phase: Text,
  cancelAsked: z.boolean(),
  trainFile: Text,
  validationFile: Text,
  remoteId: Text,
  step: Int.nullable(),
  totalSteps: Int.nullable(),
  checkpoint: Text,
  policyId: Int.nullable(),
  policy: Text,
  errorCode: Text,
  errorMessage: Text,
  logTail: Text,
  createdBy: z.string(),
  createdAt: z.date(),
  startedAt: Time,
  finishedAt: Time,
};
export const TrainingRow: z.ZodType<Core.TrainingRow> = z.object(training);
export const TrainingClaim: z.ZodType<Core.TrainingClaim> = z.object({
  ...training,
  epoch: Int,
  attempting: z.enum(trainingAttempts).nullable(),
  eventCursor: Text,
  failures: Int,
});

const columns = Prisma.sql`t.id as "trainingId", t.key, t.dataset_id as "datasetId", dataset.name as dataset,
  dataset.content_hash as "contentHash", t.provider_id as "providerId", training_provider.name as provider,
  training_provider.kind, t.settings, t.state, t.phase, t.cancel_asked as "cancelAsked", t.train_file as "trainFile",
  t.validation_file as "validationFile", t.remote_id as "remoteId",
  (select max(e.step) from training_event e where e.training_id = t.id and e.step is not null) as step,
  t.total_steps as "totalSteps", t.checkpoint, t.policy_id as "policyId", policy.name as policy,
  t.error_code as "errorCode", t.error_message as "errorMessage", t.log_tail as "logTail", person.name as "createdBy",
  t.created_at as "createdAt", t.started_at as "startedAt", t.finished_at as "finishedAt"`;
const from = Prisma.sql`from training t join dataset on dataset.id = t.dataset_id
  join training_provider on training_provider.id = t.provider_id join person on person.id = t.person_id
  left join policy on policy.id = t.policy_id`;

export const selectTrainings = Prisma.sql`select ${columns} ${from}`;
export const selectClaims = Prisma.sql`select ${columns}, t.epoch, t.attempting, t.event_cursor as "eventCursor",
  t.failures ${from}`;

export const TrainingEvent: z.ZodType<Core.TrainingEvent> = z.object({
  eventId: Int,
  at: z.date(),
  level: z.enum(trainingLevels),
  message: z.string(),
  step: Int.nullable(),
  loss: z.number().nullable(),
  validLoss: z.number().nullable(),
});
export const selectEvents = Prisma.sql`select id as "eventId", at, level, message, step, loss,
  valid_loss as "validLoss" from training_event`;
