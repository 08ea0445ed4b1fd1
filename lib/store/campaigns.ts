import { z } from "zod";
import { CampaignConfig } from "@/lib/core/campaign";
import type * as Core from "@/lib/core/campaign-store";
import { SubtaskChoice } from "@/lib/core/collection";
import { AppError } from "@/lib/core/errors";
import { iterationFacts, startsOf } from "./campaign-facts";
import { newestCheckpoint } from "./campaign-links";
import { inTransaction, type Db, type Tx } from "./client";
import { pageOf, readIdCursor } from "./cursor";
import { Prisma } from "./generated/client";
import { demandId, referring } from "./ids";
import { Id, read, readOne } from "./rows";
import { chosenSubtasks, demandKnownKeys } from "./subtask-choice";
import { demandStorable } from "./text";

const Int = z.number().int();

const CampaignRow: z.ZodType<Core.CampaignRow> = z.object({
  campaignId: Int,
  name: z.string(),
  environmentId: Int,
  environment: z.string(),
  model: z.string().nullable(),
  choice: SubtaskChoice.nullable(),
  lastTrajectoryId: Int,
  config: CampaignConfig,
  createdBy: z.string(),
  createdAt: z.date(),
});
const fromCampaigns = Prisma.sql`select c.id as "campaignId", c.name, c.environment_id as "environmentId",
    e.name as environment, c.model, c.choice, c.last_trajectory_id as "lastTrajectoryId", c.config,
    person.name as "createdBy", c.created_at as "createdAt"
  from campaign c join environment e on e.id = c.environment_id join person on person.id = c.person_id`;

const IterationRow: z.ZodType<Core.IterationRow> = z.object({
  campaignId: Int,
  iteration: Int,
  policyId: Int,
  policy: z.string(),
  checkpoint: z.string(),
  prices: z.object({ promptPer1k: z.number(), completionPer1k: z.number() }).nullable(),
  collectionId: Int.nullable(),
  runId: Int.nullable(),
  datasetId: Int.nullable(),
  createdAt: z.date(),
});

/** Campaigns and their iterations; how far an iteration is follows from its collection, run and dataset. */
export function campaignsIn(db: Db): Core.CampaignStore {
  return {
    create: (campaign) => create(db, campaign),
    get: (campaignId) => get(db, campaignId),
    list: (cursor, limit) => list(db, cursor, limit),
    experts: (campaignId, among) => experts(db, campaignId, among),
    iterations: async (campaignId) => {
      demandId("campaign", campaignId);
      return iterationsOf(db, [campaignId]);
    },
    begin: (at, policy) => begin(db, at, policy),
    facts: async (campaignId) =>
      iterationFacts(db, await iterationsOf(db, [(await get(db, campaignId)).campaignId])),
    starts: ({ campaignId, iteration }) => startsOf(db, campaignId, iteration),
    staleness: (runId) => staleness(db, runId),
  };
}

async function create(db: Db, campaign: Parameters<Core.CampaignStore["create"]>[0]) {
  demandStorable(campaign, "the campaign");
  const { name, environmentId, model, choice, config, personId } = campaign;
  if (choice) await demandKnownKeys(db, environmentId, choice);
  const created = inTransaction(db, async (tx) => {
    const inserted = Prisma.sql`insert into campaign
        (name, environment_id, model, choice, last_trajectory_id, config, person_id)
      select ${name}, ${environmentId}::int, ${model}, ${choice === null ? null : JSON.stringify(choice)}::jsonb,
        coalesce(max(id), 0), ${JSON.stringify(config)}::jsonb, ${personId}::int from trajectory
      returning id`;
    const { id } = await readOne(tx, Id, inserted, "campaign that was just stored");
    return get(tx, id);
  });
  return referring("the campaign", created);
}

async function get(tx: Tx, campaignId: number): Promise<Core.CampaignRow> {
  const what = demandId("campaign", campaignId);
  return readOne(tx, CampaignRow, Prisma.sql`${fromCampaigns} where c.id = ${campaignId}::int`, what);
}

async function list(db: Db, cursor: string | null, limit: number) {
  const after = readIdCursor(cursor);
  const before = after === null ? Prisma.empty : Prisma.sql`where c.id < ${after}::int`;
  const sql = Prisma.sql`${fromCampaigns} ${before} order by c.id desc limit ${limit + 1}::int`;
  const page = pageOf(await read(db, CampaignRow, sql), limit, ({ campaignId }) => campaignId);
  const all = await iterationsOf(
    db,
    page.rows.map(({ campaignId }) => campaignId),
  );
  const of = (campaignId: number) => all.filter((each) => each.campaignId === campaignId);
  return { ...page, rows: page.rows.map((row) => ({ ...row, iterations: of(row.campaignId) })) };
}

function iterationsOf(tx: Tx, campaignIds: number[]): Promise<Core.IterationRow[]> {
  return read(
    tx,
    IterationRow,
    Prisma.sql`select i.campaign_id as "campaignId", i.iteration, i.policy_id as "policyId", policy.name as policy,
        i.checkpoint, i.prices, i.collection_id as "collectionId", i.run_id as "runId", i.dataset_id as "datasetId",
        i.created_at as "createdAt"
      from campaign_iteration i join policy on policy.id = i.policy_id
      where i.campaign_id = any(${campaignIds}::int[]) order by i.campaign_id, i.iteration`,
  );
}

const Expert: z.ZodType<Core.CampaignExpert> = z.object({
  trajectoryId: Int,
  subtaskId: Int,
  success: z.boolean().nullable(),
  stepCount: Int,
});

async function experts(db: Db, campaignId: number, among?: number[]): Promise<Core.CampaignExpert[]> {
  const { environmentId, model, choice, lastTrajectoryId } = await get(db, campaignId);
  const chosen = choice && chosenSubtasks(environmentId, choice);
  // Which subtasks a choice comes to changes with the environment's configuration.
  const which = among
    ? Prisma.sql`t.id = any(${among}::int[])`
    : Prisma.sql`t.source = 'expert' and t.id <= ${lastTrajectoryId}::int
        ${model === null ? Prisma.empty : Prisma.sql`and t.model = ${model}`}
        ${chosen ? Prisma.sql`and t.subtask_id in (select id from (${chosen}) chosen)` : Prisma.empty}`;
  return read(
    db,
    Expert,
    Prisma.sql`select t.id as "trajectoryId", t.subtask_id as "subtaskId", t.success,
        t.step_count as "stepCount" from trajectory t
      where t.environment_id = ${environmentId}::int and ${which} order by t.id`,
  );
}

async function begin(
  db: Db,
  { campaignId, iteration }: Core.IterationKey,
  { policyId, checkpoint, prices }: Pick<Core.IterationRow, "policyId" | "checkpoint" | "prices">,
): Promise<Core.IterationRow> {
  demandStorable(checkpoint, "the checkpoint");
  const begun = inTransaction(db, async (tx) => {
    // One at a time: the next iteration is only begun on the one before.
    const lock = Prisma.sql`select id from campaign where id = ${campaignId}::int for update`;
    await readOne(tx, Id, lock, demandId("campaign", campaignId));
    const before = await iterationsOf(tx, [campaignId]);
    const there = before.find((each) => each.iteration === iteration);
    if (there?.checkpoint === checkpoint) return there;
    if (there || iteration !== before.length)
      throw new AppError("conflict", `iteration ${iteration} cannot begin with ${checkpoint}`, {
        fix: there ? `it began with ${there.checkpoint}` : `the next iteration is ${before.length}`,
      });
    await tx.$executeRaw`insert into campaign_iteration (campaign_id, iteration, policy_id, checkpoint, prices)
      values (${campaignId}::int, ${iteration}::int, ${policyId}::int, ${checkpoint},
        ${prices === null ? null : JSON.stringify(prices)}::jsonb)`;
    return (await iterationsOf(tx, [campaignId]))[iteration];
  });
  const row = await referring(`iteration ${iteration} of campaign ${campaignId}`, begun);
  if (!row) throw new AppError("internal", "the iteration was stored and is not there");
  return row;
}

const Stale: z.ZodType<Core.Staleness> = z.object({
  campaignId: Int,
  name: z.string(),
  checkpoint: z.string(),
});

async function staleness(db: Db, runId: number): Promise<Core.Staleness | null> {
  demandId("run", runId);
  const newest = newestCheckpoint(Prisma.sql`c.id`);
  const rows = await read(
    db,
    Stale,
    Prisma.sql`select c.id as "campaignId", c.name, ${newest} as checkpoint
      from campaign_iteration i join campaign c on c.id = i.campaign_id
      where i.run_id = ${runId}::int and i.checkpoint <> ${newest}`,
  );
  return rows[0] ?? null;
}
