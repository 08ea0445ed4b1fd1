import { z } from "zod";
import type { EvidenceDraft } from "@/lib/core/rows";
import { outcomeColumns } from "./claims";
import { inTransaction, type Db, type Tx } from "./client";
import { Prisma } from "./generated/client";
import { referring } from "./ids";
import { lockRun } from "./add-rollouts";
import { Id, read } from "./rows";
import { recount } from "./run-totals";
import { settleTrajectories } from "./settle";
import { demandStorable } from "./text";

const keyOf = (at: Pick<EvidenceDraft, "trajectoryId" | "stateIndex" | "attempt">) =>
  `${at.trajectoryId}/${at.stateIndex}/${at.attempt}`;

/**
 * Stores rollouts made elsewhere, in one transaction, and what follows from them. The run stays open: its importer says
 * when it is done.
 * @throws AppError not_found, invalid_input for text or rewards that cannot be stored; then nothing is stored
 */
export async function addEvidence(
  db: Db,
  runId: number,
  drafts: EvidenceDraft[],
): Promise<{ stored: number; duplicates: number }> {
  drafts.forEach((draft) => demandStorable(draft, `the rollout ${keyOf(draft)}`));
  // The first of a key counts, as it would one after the other.
  const once = [...new Map(drafts.toReversed().map((draft) => [keyOf(draft), draft])).values()].reverse();
  const added = inTransaction(db, async (tx) => {
    await lockRun(tx, runId);
    const ids = [...new Set(once.map(({ trajectoryId }) => trajectoryId))];
    await tx.$executeRaw`insert into run_trajectory (run_id, trajectory_id)
      select ${runId}::int, id from unnest(${ids}::int[]) as given(id) order by id on conflict do nothing`;
    const stored = await insertRollouts(tx, runId, once);
    await insertSteps(tx, stored, once);
    await settleTrajectories(tx, runId, ids);
    await recount(tx, runId, ids);
    return { stored: stored.size, duplicates: drafts.length - stored.size };
  });
  return referring(`evidence for run ${runId}`, added);
}

const Inserted = Id.extend({ trajectoryId: z.number(), stateIndex: z.number(), attempt: z.number() });

async function insertRollouts(tx: Tx, runId: number, drafts: EvidenceDraft[]): Promise<Map<string, number>> {
  const rows = drafts.map((draft) => ({ ...draft, ...outcomeColumns(draft.end, keyOf(draft)) }));
  const of = <T>(pick: (row: (typeof rows)[number]) => T) => rows.map(pick);
  const inserted = await read(
    tx,
    Inserted,
    Prisma.sql`insert into rollout (run_id, trajectory_id, state_index, attempt, status, step_count, reward, success,
        final_observation, error_code, error_message, error_detail, finished_at)
      select ${runId}::int, trajectory_id, state_index, attempt, status, step_count, reward, success,
        final_observation, error_code, error_message, error_detail::jsonb, now()
      from unnest(${of((r) => r.trajectoryId)}::int[], ${of((r) => r.stateIndex)}::int[],
        ${of((r) => r.attempt)}::int[], ${of((r) => r.end.status)}::text[], ${of((r) => r.steps.length)}::int[],
        ${of((r) => r.reward)}::float8[], ${of((r) => r.success)}::bool[],
        ${of((r) => r.finalObservation)}::text[], ${of((r) => r.code)}::text[], ${of((r) => r.message)}::text[],
        ${of((r) => r.detail)}::text[])
        as given(trajectory_id, state_index, attempt, status, step_count, reward, success, final_observation,
          error_code, error_message, error_detail)
      on conflict do nothing
      returning id, trajectory_id as "trajectoryId", state_index as "stateIndex", attempt`,
  );
  return new Map(inserted.map((row) => [keyOf(row), row.id]));
}

async function insertSteps(tx: Tx, stored: Map<string, number>, drafts: EvidenceDraft[]): Promise<void> {
  const rows = drafts.flatMap((draft) => {
    const id = stored.get(keyOf(draft));
    if (id === undefined) return [];
    return draft.steps.map((step, index) => {
      return { id, index, step, messages: step.messages === null ? null : JSON.stringify(step.messages) };
    });
  });
  const of = <T>(pick: (row: (typeof rows)[number]) => T) => rows.map(pick);
  await tx.$executeRaw`insert into rollout_step
      (rollout_id, step_index, epoch, observation, thought, action, reward, messages)
    select id, index, 0, observation, thought, action, reward, messages::json
    from unnest(${of((r) => r.id)}::int[], ${of((r) => r.index)}::int[], ${of((r) => r.step.observation)}::text[],
      ${of((r) => r.step.thought)}::text[], ${of((r) => r.step.action)}::text[],
      ${of((r) => r.step.reward)}::float8[], ${of((r) => r.messages)}::text[])
      as given(id, index, observation, thought, action, reward, messages)`;
}
