import { AppError } from "@/lib/core/errors";
import type { Page, VerificationEntry, VerificationRow } from "@/lib/core/rows";
import type { Deps } from "./deps";
import { resolveSelection, type Selection } from "./selection";

const PAGE = 100;

type QueueDeps = Pick<Deps, "store" | "queue">;

/**
 * Starts replaying chosen trajectories: the workers compare every observation and reward with what was recorded.
 * @throws AppError invalid_input when the selection is empty
 */
export async function startVerification(
  deps: QueueDeps,
  personId: number,
  selection: Selection,
): Promise<VerificationRow> {
  const trajectoryIds = await resolveSelection(deps.store, selection);
  if (trajectoryIds.length === 0)
    throw new AppError("invalid_input", "there is no trajectory to replay", {
      fix: "choose some in the list, or loosen its filter",
    });
  const row = await deps.store.verifications.create(personId, trajectoryIds);
  await enqueue(deps, row.verificationId, await deps.store.verifications.chunks(row.verificationId));
  return row;
}

/** Stops a verification; what was replayed stays. @throws AppError conflict when it is not running */
export async function cancelVerification(
  { store }: Pick<Deps, "store">,
  verificationId: number,
): Promise<void> {
  await store.verifications.cancel(verificationId);
}

/** Replays again what broke or was not reached. @throws AppError not_found */
export async function resumeVerification(deps: QueueDeps, verificationId: number): Promise<void> {
  await enqueue(deps, verificationId, await deps.store.verifications.requeue(verificationId));
}

async function enqueue({ queue }: QueueDeps, verificationId: number, chunks: number[]): Promise<void> {
  for (const chunk of chunks) await queue.send("verify-replays", { verificationId, chunk });
}

/** How far a verification is. @throws AppError not_found */
export function verificationView(
  { store }: Pick<Deps, "store">,
  verificationId: number,
): Promise<VerificationRow> {
  return store.verifications.get(verificationId);
}

/** Verifications, newest first. */
export function listVerifications(
  { store }: Pick<Deps, "store">,
  cursor: string | null,
): Promise<Page<VerificationRow>> {
  return store.verifications.list(cursor, PAGE);
}

/** Its trajectories: what broke first, then what differed. @throws AppError not_found */
export function verificationEntries(
  { store }: Pick<Deps, "store">,
  verificationId: number,
  cursor: string | null,
): Promise<Page<VerificationEntry>> {
  return store.verifications.entries(verificationId, cursor, PAGE);
}
