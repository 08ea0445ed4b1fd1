import { z } from "zod";
import type { IterationFacts } from "@/lib/core/campaign";
import type { EpisodeStart, IterationRow } from "@/lib/core/campaign-store";
import type { Tx } from "./client";
import { Prisma } from "./generated/client";
import { read } from "./rows";

const Count = z.number();
const Spent = { calls: Count, promptTokens: Count, completionTokens: Count };

const Mined = z.object({
  runId: Count,
  start: z.boolean(),
  attempts: Count,
  successes: Count,
  ...Spent,
});
const Played = z.object({
  collectionId: Count,
  subtasks: Count,
  attempts: Count,
  successes: Count,
  ...Spent,
});
const Judged = z.object({ runId: Count, verdicts: Count });
const Solved = z.object({ iteration: Count, solved: z.array(Count) });
const Open = z.object({ iteration: Count });

/** What each of a campaign's iterations came to, in a grouped query per question for all of them. */
export async function iterationFacts(tx: Tx, iterations: IterationRow[]): Promise<IterationFacts[]> {
  const runIds = iterations.flatMap(({ runId }) => runId ?? []);
  const collectionIds = iterations.flatMap(({ collectionId }) => collectionId ?? []);
  const [campaignId = 0] = iterations.map((each) => each.campaignId);
  const [mined, judged, played, solved, open] = await Promise.all([
    minedIn(tx, runIds),
    read(
      tx,
      Judged,
      Prisma.sql`select run_id as "runId",
          sum(beneficial + harmful + redundant + dead_end + undecided)::float8 as verdicts
        from run_trajectory where run_id = any(${runIds}::int[]) group by 1`,
    ),
    playedIn(tx, collectionIds),
    solvedIn(tx, campaignId),
    openIn(tx, campaignId),
  ]);
  const none = { attempts: 0, successes: 0, calls: 0, promptTokens: 0, completionTokens: 0 };
  return iterations.map(({ iteration, checkpoint, prices, runId, collectionId }) => {
    const starts = played.find((each) => each.collectionId === collectionId) ?? { ...none, subtasks: 0 };
    const from = (start: boolean) =>
      mined.find((each) => each.runId === runId && each.start === start) ?? none;
    const [fromStart, fromStates] = [from(true), from(false)];
    const all = [starts, fromStart, fromStates];
    const sum = (of: (each: typeof none) => number) => all.reduce((total, each) => total + of(each), 0);
    return {
      ...{ iteration, checkpoint, prices, subtasks: starts.subtasks },
      open: open.some((each) => each.iteration === iteration),
      starts: { attempts: starts.attempts, successes: starts.successes },
      fromStart: { attempts: fromStart.attempts, successes: fromStart.successes },
      fromStates: { attempts: fromStates.attempts, successes: fromStates.successes },
      solved: solved.find((each) => each.iteration === iteration)?.solved ?? [],
      verdicts: judged.find((each) => each.runId === runId)?.verdicts ?? 0,
      calls: sum((each) => each.calls),
      promptTokens: sum((each) => each.promptTokens),
      completionTokens: sum((each) => each.completionTokens),
    };
  });
}

const spentColumns = Prisma.sql`sum(calls_started)::float8 as calls, sum(prompt_tokens)::float8 as "promptTokens",
  sum(completion_tokens)::float8 as "completionTokens"`;

function minedIn(tx: Tx, runIds: number[]) {
  return read(
    tx,
    Mined,
    Prisma.sql`select run_id as "runId", state_index = 0 as start,
        count(*) filter (where status = 'completed')::float8 as attempts,
        count(*) filter (where status = 'completed' and success)::float8 as successes, ${spentColumns}
      from rollout where run_id = any(${runIds}::int[]) group by 1, 2`,
  );
}

function playedIn(tx: Tx, collectionIds: number[]) {
  return read(
    tx,
    Played,
    Prisma.sql`select n.collection_id as "collectionId",
        count(distinct n.subtask_id) filter (where n.status = 'completed')::float8 as subtasks,
        count(*) filter (where n.status = 'completed')::float8 as attempts,
        count(*) filter (where t.success)::float8 as successes, ${spentColumns}
      from collection_episode n left join trajectory t on t.id = n.trajectory_id
      where n.collection_id = any(${collectionIds}::int[]) group by 1`,
  );
}

/** Subtasks with a success: of an episode from the start, or of a rollout from some state of a failed trajectory. */
function solvedIn(tx: Tx, campaignId: number) {
  return read(
    tx,
    Solved,
    Prisma.sql`select iteration, array_agg(subtask_id order by subtask_id) as solved from (
        select i.iteration, t.subtask_id from campaign_iteration i
        join run_trajectory rt on rt.run_id = i.run_id and rt.solved join trajectory t on t.id = rt.trajectory_id
        where i.campaign_id = ${campaignId}::int
        union
        select i.iteration, n.subtask_id from campaign_iteration i
        join collection_episode n on n.collection_id = i.collection_id
        join trajectory t on t.id = n.trajectory_id and t.success
        where i.campaign_id = ${campaignId}::int
      ) solved group by iteration`,
  );
}

/** Iterations that still explore, or whose exploring was not begun to its end. */
function openIn(tx: Tx, campaignId: number) {
  return read(
    tx,
    Open,
    Prisma.sql`select i.iteration from campaign_iteration i join campaign on campaign.id = i.campaign_id
      left join run on run.id = i.run_id left join collection c on c.id = i.collection_id
      where i.campaign_id = ${campaignId}::int and (
        run.id is null or run.state not in ('done', 'cancelled', 'failed')
        or (c.id is null and campaign.config->'starts' <> 'null'::jsonb)
        or c.state not in ('done', 'cancelled'))`,
  );
}

const EpisodeStarts: z.ZodType<EpisodeStart> = z.object({
  trajectoryId: Count,
  subtaskId: Count,
  iteration: Count,
  attempt: Count,
  stepCount: Count,
});

/** Successful episodes of the collections of a campaign's iterations up to one. */
export function startsOf(tx: Tx, campaignId: number, iteration: number): Promise<EpisodeStart[]> {
  return read(
    tx,
    EpisodeStarts,
    Prisma.sql`select n.trajectory_id as "trajectoryId", n.subtask_id as "subtaskId", i.iteration, n.attempt,
        t.step_count as "stepCount"
      from campaign_iteration i join collection_episode n on n.collection_id = i.collection_id
      join trajectory t on t.id = n.trajectory_id and t.success
      where i.campaign_id = ${campaignId}::int and i.iteration <= ${iteration}::int
      order by n.subtask_id, i.iteration, n.attempt`,
  );
}
