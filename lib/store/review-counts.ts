import { z } from "zod";
import { groupBy } from "@/lib/core/group-by";
import { judge, summaryFrom } from "@/lib/core/judge";
import { applyReviews } from "@/lib/core/review";
import type { Judgement } from "@/lib/core/verdict";
import { worthOf } from "@/lib/core/worth";
import type { Db, Tx } from "./client";
import { ballotsOf, rolloutsOf } from "./facts";
import { Prisma } from "./generated/client";
import { read, RuleColumns, ruleColumns } from "./rows";
import { lockEntries } from "./run-totals";
import { disputedSteps, weighSiblings } from "./worth";

const Head = z.object({
  id: z.number(),
  subtaskId: z.number(),
  stepCount: z.number(),
  approved: z.boolean(),
  disputed: z.array(z.number()),
  /** By another trajectory than those counted together. */
  solvedElsewhere: z.boolean(),
  ...RuleColumns.shape,
});

/** A trajectory of a run under its rule as it is now, before what people say of it. */
export type Judged = z.infer<typeof Head> & { judgement: Judgement };

/** Trajectories of a run that now have an approved solution and had none, or the reverse. */
export type Recount = { runId: number; flipped: number[] };

/**
 * Counts again what lists show of trajectories in a run: verdicts and reviews under the run's rule as it is now. Holds
 * their entries, so that whoever decides or recounts at the same time comes before, and is seen, or after, and sees this.
 * The answer is for `afterRecount`, once the transaction is through.
 */
export async function recountReviews(tx: Tx, runId: number, trajectoryIds: number[]): Promise<Recount> {
  await lockEntries(tx, runId, trajectoryIds);
  return countReviews(tx, runId, await judgedIn(tx, runId, trajectoryIds));
}

/** Judges trajectories of a run, those that it has; their entries are locked. */
export async function judgedIn(tx: Tx, runId: number, trajectoryIds: number[]): Promise<Judged[]> {
  const heads = await read(
    tx,
    Head,
    Prisma.sql`select t.id, t.subtask_id as "subtaskId", t.step_count as "stepCount", rt.approved, ${ruleColumns},
        ${disputedSteps(runId)} as disputed,
        exists (select from trajectory s join run_trajectory o on o.trajectory_id = s.id and o.approved
          where s.subtask_id = t.subtask_id
            and (o.run_id <> run.id or o.trajectory_id <> all(${trajectoryIds}::int[]))) as "solvedElsewhere"
      from trajectory t join run on run.id = ${runId}::int
      join run_trajectory rt on rt.run_id = run.id and rt.trajectory_id = t.id
      where t.id = any(${trajectoryIds}::int[]) order by t.id`,
  );
  const rollouts = groupBy(await rolloutsOf(tx, runId, trajectoryIds), (rollout) => rollout.trajectoryId);
  return heads.map((head) => {
    return { ...head, judgement: judge(head.stepCount, { rollouts: rollouts.get(head.id) ?? [] }, head) };
  });
}

/** Counts what people decided on trajectories that were judged since their entries are locked. */
export async function countReviews(tx: Tx, runId: number, judged: Judged[]): Promise<Recount> {
  const ids = judged.map(({ id }) => id);
  const ballots = groupBy(await ballotsOf(tx, runId, ids), (ballot) => ballot.trajectoryId);
  const counted = judged.map((of) => {
    const effective = applyReviews(of.stepCount, of.judgement, ballots.get(of.id) ?? []);
    return { of, effective, summary: summaryFrom(of.judgement, effective) };
  });
  const solving = groupBy(
    counted.filter(({ summary }) => summary.approved),
    ({ of }) => of.subtaskId,
  );
  const entries = counted.map(({ of, effective, summary }) => {
    const { judgement, disputed, subtaskId } = of;
    const others = (solving.get(subtaskId)?.length ?? 0) - (summary.approved ? 1 : 0);
    const solvedElsewhere = of.solvedElsewhere || others > 0;
    const worth = worthOf({ judgement, effective, disputed, solvedElsewhere });
    return { id: of.id, ...summary, worth };
  });
  await writeCounts(tx, runId, entries);
  return {
    runId,
    flipped: counted.flatMap(({ of, summary }) => (summary.approved === of.approved ? [] : of.id)),
  };
}

type Counts = { id: number; worth: number } & ReturnType<typeof summaryFrom>;

async function writeCounts(tx: Tx, runId: number, entries: Counts[]): Promise<void> {
  if (entries.length === 0) return;
  await tx.$executeRaw`update run_trajectory rt set beneficial = new.beneficial, harmful = new.harmful,
      redundant = new.redundant, dead_end = new."deadEnd", undecided = new.undecided, to_review = new."toReview",
      reviewed = new.reviewed, review = new.review, approved = new.approved, vetoed = new.vetoed, worth = new.worth
    from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) as new(id int, beneficial int, harmful int,
      redundant int, "deadEnd" int, undecided int, "toReview" int, reviewed int, review text, approved bool, vetoed int,
      worth float8)
    where rt.run_id = ${runId}::int and rt.trajectory_id = new.id`;
}

/** What else was mined of the same subtasks is worth another look than before, or no more. */
export async function afterRecount(db: Db, { runId, flipped }: Recount): Promise<void> {
  for (const trajectoryId of flipped) await weighSiblings(db, runId, trajectoryId);
}
