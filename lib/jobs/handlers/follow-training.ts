import { rm } from "node:fs/promises";
import { driverOf, settingsOf } from "@/lib/core/drivers";
import { AppError } from "@/lib/core/errors";
import type { Store } from "@/lib/core/store";
import { TrainerBusy, waitAfter } from "@/lib/core/training";
import type { TrainingClaim } from "@/lib/core/training-store";
import { trainerDrivers } from "@/lib/trainers/registry";
import type { JobPayload } from "../definitions";
import { handOver } from "../hand-over";
import { oneLine } from "../log";
import { runFolderOf } from "../run-folder";
import { ownEvent, tell, type InHand } from "../training-in-hand";
import { look } from "../watch-training";

export type TrainingDeps = {
  store: Pick<Store, "trainings" | "datasets">;
  owner: string;
  leaseMs: number;
  log: (line: string) => void;
};

/** Failures in a row before a training is given up: soon while nothing runs, late once it may have cost something. */
const MOST_FAILURES = { before: 8, running: 60 };

/**
 * Looks at one training once: hands it over where that is still to be done, asks how far it is where it runs, and gives
 * it back until the next look. Several workers may be told to: one claims it. What was about to be asked of the provider
 * is noted before, so that a worker that takes over first looks whether it was done.
 * @param signal fires when this process has to stop; the training is then given back at once
 */
export async function followTraining(
  deps: TrainingDeps,
  { trainingId }: JobPayload<"follow-training">,
  signal: AbortSignal,
): Promise<void> {
  const { owner, leaseMs, log } = deps;
  const { trainings } = deps.store;
  const claim = await trainings.claim(trainingId, owner, leaseMs);
  if (!claim) return;
  const lost = new AbortController();
  const renewing = setInterval(() => {
    trainings.renew(trainingId, claim.epoch, leaseMs).then(
      (held) => (held ? undefined : lost.abort()),
      (error: unknown) =>
        log(`error: training ${trainingId}: its lease was not renewed: ${oneLine(String(error))}`),
    );
  }, leaseMs / 3);
  try {
    await follow(deps, claim, AbortSignal.any([signal, lost.signal]));
  } finally {
    clearInterval(renewing);
  }
}

async function follow({ store, log }: TrainingDeps, claim: TrainingClaim, signal: AbortSignal) {
  const { trainings, datasets } = store;
  const { trainingId, epoch, cancelAsked } = claim;
  const progress = { remoteId: claim.remoteId };
  let pollMs = 1000;
  try {
    const inHand = { trainings, datasets, claim, signal, ...(await connect(trainings, claim)) };
    pollMs = inHand.provider.pollMs;
    progress.remoteId ??= await handOver(inHand);
    if (progress.remoteId === null) {
      await trainings.end(trainingId, epoch, { state: "cancelled" });
      return await dropFolder(inHand);
    }
    const ended = await look(inHand, progress.remoteId);
    if (!ended)
      return await trainings.release(trainingId, epoch, {
        inMs: pollMs,
        failures: 0,
        cancelSeen: cancelAsked,
      });
    log(`training ${trainingId}: ${ended}`);
    await dropFolder(inHand);
  } catch (error) {
    const { failures } = claim;
    if (signal.aborted)
      return await trainings.release(trainingId, epoch, { inMs: 0, failures, cancelSeen: true });
    if (!(error instanceof AppError)) throw error;
    await failed(trainings, claim, { error, running: progress.remoteId !== null, pollMs });
    log(`training ${trainingId}: ${error.code}: ${oneLine(error.message)}`);
  }
}

async function connect(trainings: Store["trainings"], { providerId }: TrainingClaim) {
  const row = await trainings.provider(providerId);
  const whose = `training provider “${row.name}”`;
  const driver = driverOf(trainerDrivers, row.kind, whose);
  const config = settingsOf(driver, row.config, whose);
  const secret = row.hasSecret ? await trainings.providerSecret(providerId) : null;
  return { driver, config, secret, provider: driver.connect(config, secret) };
}

/** A copy of the dataset that was only made to be sent. */
async function dropFolder({ provider, claim }: InHand): Promise<void> {
  if (!provider.keepsFolder) await rm(runFolderOf(claim), { recursive: true, force: true });
}

type Failure = { error: AppError; running: boolean; pollMs: number };

/** What runs is not given up for one refusal: a key that ran out can be entered anew. */
async function failed(
  trainings: Store["trainings"],
  claim: TrainingClaim,
  { error, running, pollMs }: Failure,
): Promise<void> {
  const { trainingId, epoch, failures, cancelAsked } = claim;
  const again = failures + 1;
  const most = running ? MOST_FAILURES.running : MOST_FAILURES.before;
  if ((!error.retryable && !running) || again >= most) {
    const still = running ? "; it may still run at the provider" : "";
    const message = `${error.message}${error.fix === undefined ? "" : `; ${error.fix}`}${still}`;
    await trainings.end(trainingId, epoch, { state: "failed", code: error.code, message });
    return;
  }
  // Whoever asks for patience has not begun anything.
  if (error.code === "rate_limited") await trainings.change(trainingId, epoch, { attempting: null });
  if (failures === 0) {
    const said = `${error.message}; it is tried again`;
    await tell({ trainings, claim }, ownEvent(`trouble ${claim.epoch}`, said, "warn"));
  }
  const asked = error instanceof TrainerBusy ? error.retryAfterMs : null;
  const inMs = waitAfter(again, asked, pollMs);
  await trainings.release(trainingId, epoch, { inMs, failures: again, cancelSeen: cancelAsked });
}
