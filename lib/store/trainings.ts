import { z } from "zod";
import { decryptSecret, encryptSecret } from "@/lib/config/secret";
import { canonicalJson } from "@/lib/core/canonical";
import { AppError } from "@/lib/core/errors";
import type {
  TrainingProviderRow as Provider,
  TrainingRow as Row,
  TrainingStore,
} from "@/lib/core/training-store";
import { inTransaction, type Db, type Tx } from "./client";
import { pageOf, readIdCursor } from "./cursor";
import { Prisma } from "./generated/client";
import { demandId, referring } from "./ids";
import { Id, read, readOne } from "./rows";
import { demandName, demandStorable } from "./text";
import {
  providerColumns,
  selectEvents,
  selectTrainings,
  TrainingEvent,
  TrainingProviderRow,
  TrainingRow,
} from "./training-rows";
import { registerCheckpoint, trainingWorkIn } from "./training-work";

/** Providers of fine-tuning and the trainings handed to them. */
export function trainingsIn(db: Db): TrainingStore {
  return {
    ...trainingWorkIn(db),
    providers: () =>
      read(
        db,
        TrainingProviderRow,
        Prisma.sql`select ${providerColumns} from training_provider order by name`,
      ),
    provider: (providerId) => provider(db, providerId),
    putProvider: (given) => putProvider(db, given),
    providerSecret: (providerId) => providerSecret(db, providerId),
    create: (training) => create(db, training),
    get: (trainingId) => get(db, trainingId),
    list: (cursor, limit) => list(db, cursor, limit),
    events: (trainingId, cursor, limit) => events(db, trainingId, cursor, limit),
    losses: (trainingId, most) => losses(db, trainingId, most),
    iterationOf: (datasetId) => iterationOf(db, datasetId),
    policyTrainedOn: (datasetId) => policyTrainedOn(db, datasetId),
    cancel: (trainingId) => cancel(db, trainingId),
    async register(trainingId, checkpoint, policy) {
      await registerCheckpoint(db, trainingId, checkpoint, policy);
      return get(db, trainingId);
    },
  };
}

/** What its ciphertext belongs to: no policy of the same name can be given it. */
const ownerOf = (name: string) => `training provider ${name}`;

function provider(tx: Tx, providerId: number): Promise<Provider> {
  const what = demandId("training provider", providerId);
  const sql = Prisma.sql`select ${providerColumns} from training_provider where id = ${providerId}::int`;
  return readOne(tx, TrainingProviderRow, sql, what);
}

async function putProvider(db: Db, given: Parameters<TrainingStore["putProvider"]>[0]): Promise<Provider> {
  const { name, kind, config } = given;
  demandStorable({ ...given, secret: undefined }, "the provider");
  demandName(name, "the provider's name");
  const kept = given.secret === undefined;
  const secret = given.secret ? encryptSecret(given.secret, ownerOf(name)) : null;
  return inTransaction(db, async (tx) => {
    const named = Prisma.sql`select ${providerColumns} from training_provider where name = ${name} for update`;
    const [before] = await read(tx, TrainingProviderRow, named);
    if (before) await demandUnchanged(tx, before, { kind, config });
    return readOne(
      tx,
      TrainingProviderRow,
      Prisma.sql`insert into training_provider (name, kind, config, secret)
        values (${name}, ${kind}, ${JSON.stringify(config)}::jsonb, ${secret})
        on conflict (name) do update set kind = excluded.kind, config = excluded.config,
          secret = case when ${kept}::bool then training_provider.secret else excluded.secret end
        returning ${providerColumns}`,
      `training provider “${name}”`,
    );
  });
}

/** An open training is followed where it was handed over. */
async function demandUnchanged(
  tx: Tx,
  before: Provider,
  { kind, config }: Pick<Provider, "kind" | "config">,
) {
  if (before.kind === kind && canonicalJson(before.config) === canonicalJson(config)) return;
  const open = Prisma.sql`select id from training where provider_id = ${before.providerId}::int
    and state in ('queued', 'uploading', 'running') limit 1`;
  const [training] = await read(tx, Id, open);
  if (training)
    throw new AppError("conflict", `training ${training.id} is with “${before.name}” and is not over`, {
      fix: "wait until it is over or cancel it, or add a provider under another name; its key may be changed at any time",
    });
}

const Stored = z.object({ name: z.string(), secret: z.string().nullable() });

async function providerSecret(db: Db, providerId: number): Promise<string | null> {
  const what = demandId("training provider", providerId);
  const sql = Prisma.sql`select name, secret from training_provider where id = ${providerId}::int`;
  const stored = await readOne(db, Stored, sql, what);
  return stored.secret === null ? null : decryptSecret(stored.secret, ownerOf(stored.name));
}

async function create(db: Db, given: Parameters<TrainingStore["create"]>[0]): Promise<Row> {
  demandStorable(given.settings, "the settings");
  const { datasetId, providerId, settings, personId } = given;
  const inserted = readOne(
    db,
    Id,
    Prisma.sql`insert into training (dataset_id, provider_id, settings, person_id)
      values (${datasetId}::int, ${providerId}::int, ${JSON.stringify(settings)}::jsonb, ${personId}::int) returning id`,
    "training",
  );
  return get(db, (await referring("the training", inserted)).id);
}

function get(tx: Tx, trainingId: number): Promise<Row> {
  const what = demandId("training", trainingId);
  return readOne(tx, TrainingRow, Prisma.sql`${selectTrainings} where t.id = ${trainingId}::int`, what);
}

async function list(db: Db, cursor: string | null, limit: number) {
  const after = readIdCursor(cursor);
  const before = after === null ? Prisma.empty : Prisma.sql`where t.id < ${after}::int`;
  const sql = Prisma.sql`${selectTrainings} ${before} order by t.id desc limit ${limit + 1}::int`;
  return pageOf(await read(db, TrainingRow, sql), limit, ({ trainingId }) => trainingId);
}

async function events(db: Db, trainingId: number, cursor: string | null, limit: number) {
  demandId("training", trainingId);
  const after = readIdCursor(cursor);
  const before = after === null ? Prisma.empty : Prisma.sql`and id < ${after}::int`;
  const sql = Prisma.sql`${selectEvents} where training_id = ${trainingId}::int ${before}
    order by id desc limit ${limit + 1}::int`;
  return pageOf(await read(db, TrainingEvent, sql), limit, ({ eventId }) => eventId);
}

const Point = z.object({
  step: z.number().int(),
  loss: z.number().nullable(),
  validLoss: z.number().nullable(),
});

/** Several losses of one step are one point: the last of each. */
async function losses(db: Db, trainingId: number, most: number) {
  demandId("training", trainingId);
  return read(
    db,
    Point,
    Prisma.sql`select step, loss, "validLoss" from (
        select step, loss, "validLoss", row_number() over (order by step) as place, count(*) over () as n from (
          select step, (array_agg(loss order by id desc) filter (where loss is not null))[1] as loss,
            (array_agg(valid_loss order by id desc) filter (where valid_loss is not null))[1] as "validLoss"
          from training_event where training_id = ${trainingId}::int and step is not null
            and (loss is not null or valid_loss is not null) group by step
        ) each_step
      ) numbered
      where n <= ${most}::int or place = n or place % ceil(n::float8 / ${most}::int)::int = 1
      order by step`,
  );
}

const Iteration = z.object({ campaignId: z.number(), iteration: z.number(), campaign: z.string() });

async function iterationOf(db: Db, datasetId: number) {
  demandId("dataset", datasetId);
  const sql = Prisma.sql`select i.campaign_id as "campaignId", i.iteration, campaign.name as campaign
    from campaign_iteration i join campaign on campaign.id = i.campaign_id where i.dataset_id = ${datasetId}::int`;
  return (await read(db, Iteration, sql))[0] ?? null;
}

const Trained = z.object({ policyId: z.number(), trainingId: z.number() });

async function policyTrainedOn(db: Db, datasetId: number) {
  demandId("dataset", datasetId);
  const sql = Prisma.sql`select policy_id as "policyId", id as "trainingId" from training
    where dataset_id = ${datasetId}::int and policy_id is not null order by id desc limit 1`;
  return (await read(db, Trained, sql))[0] ?? null;
}

async function cancel(db: Db, trainingId: number): Promise<boolean> {
  demandId("training", trainingId);
  // One that was begun is looked at again first: something of it may be at the provider.
  const changed = await db.$executeRaw`update training set cancel_asked = true, look_at = now(),
      state = case when state = 'queued' then 'cancelled' else state end,
      finished_at = case when state = 'queued' then now() end
    where id = ${trainingId}::int and state in ('queued', 'uploading', 'running')`;
  return changed > 0;
}
