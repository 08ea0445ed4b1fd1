import type { IterationKey } from "@/lib/core/campaign-store";
import { AppError } from "@/lib/core/errors";
import type { Tx } from "./client";
import { Prisma } from "./generated/client";

/** The checkpoint of the newest iteration of a campaign. */
export const newestCheckpoint = (campaignId: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`(select newest.checkpoint from campaign_iteration newest where newest.campaign_id = ${campaignId}
    order by newest.iteration desc limit 1)`;

/** Whether a run's campaign has come to another checkpoint since; false for a run outside campaigns. */
export const isStale = (runId: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`exists (select from campaign_iteration i where i.run_id = ${runId}
    and i.checkpoint <> ${newestCheckpoint(Prisma.sql`i.campaign_id`)})`;

const checkpointOf = {
  run: Prisma.sql`select checkpoint from run`,
  collection: Prisma.sql`select checkpoint from collection`,
};

/**
 * Gives an iteration what was made for it, in the transaction that makes it: so it is made once, whoever asks how often.
 * @throws AppError conflict when the iteration has one, has not begun, or began with another checkpoint
 */
export async function joinIteration(
  tx: Tx,
  { campaignId, iteration }: IterationKey,
  what: "collection" | "run" | "dataset",
  id: number,
): Promise<void> {
  const column = Prisma.raw(`${what}_id`);
  const sameCheckpoint =
    what === "dataset"
      ? Prisma.empty
      : Prisma.sql`and checkpoint = (${checkpointOf[what]} where id = ${id}::int)`;
  const joined = await tx.$executeRaw`update campaign_iteration set ${column} = ${id}::int
    where campaign_id = ${campaignId}::int and iteration = ${iteration}::int and ${column} is null ${sameCheckpoint}`;
  if (joined === 0)
    throw new AppError(
      "conflict",
      `iteration ${iteration} of campaign ${campaignId} has its ${what}, or explores with another checkpoint`,
    );
}
