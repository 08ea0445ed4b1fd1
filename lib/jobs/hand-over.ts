import type { RemoteFiles, TrainingFile, TrainingOrder } from "@/lib/core/trainer";
import { AppError } from "@/lib/core/errors";
import type { TrainingAttempt } from "@/lib/core/training";
import { runFolderOf, writeRunFolder } from "./run-folder";
import { ownEvent, tell, type InHand } from "./training-in-hand";

/**
 * Hands a training over to its provider: files, then the job. What is done is stored as soon as it is known, and what is
 * about to be done before it is, so that neither happens twice.
 * @returns its name at the provider; null where it was cancelled before anything was begun there
 */
export async function handOver(inHand: InHand): Promise<string | null> {
  const { claim, provider, driver, config, datasets, signal } = inHand;
  const { trainFile, validationFile, attempting } = claim;
  if (claim.cancelAsked) {
    if (attempting !== "job" || trainFile === null) return null;
    const order = { key: claim.key, folder: runFolderOf(claim) };
    const found = await provider.findJob(order, { train: trainFile, validation: validationFile }, signal);
    return found === null ? null : begun(inHand, found);
  }
  const order = await writeRunFolder({ datasets }, claim, driver.format(config), signal);
  provider.validate(order);
  const train = trainFile ?? (await hand(inHand, "train-file", order.train));
  const held = order.validation;
  const validation = held === null ? null : (validationFile ?? (await hand(inHand, "validation-file", held)));
  return create(inHand, order, { train, validation });
}

async function hand(
  inHand: InHand,
  attempt: "train-file" | "validation-file",
  file: TrainingFile,
): Promise<string> {
  const { trainings, claim, provider, signal } = inHand;
  const { trainingId, epoch } = claim;
  const before = claim.attempting === attempt ? await provider.findFile(file, signal) : null;
  await intend(trainings, claim, attempt);
  const id = before ?? (await provider.upload(file, signal));
  const column = attempt === "train-file" ? { trainFile: id } : { validationFile: id };
  await trainings.change(trainingId, epoch, { ...column, attempting: null });
  const said = `${file.rows} examples (${file.bytes} bytes) handed over as ${id}`;
  await tell(inHand, ownEvent(attempt, `${attempt.replace("-", " ")}: ${said}`));
  return id;
}

async function create(inHand: InHand, order: TrainingOrder, files: RemoteFiles): Promise<string> {
  const { trainings, claim, provider, signal } = inHand;
  const before = claim.attempting === "job" ? await provider.findJob(order, files, signal) : null;
  await intend(trainings, claim, "job");
  return begun(inHand, before ?? (await provider.create(order, files, signal)));
}

async function begun(inHand: InHand, remoteId: string): Promise<string> {
  const { trainings, claim } = inHand;
  await trainings.change(claim.trainingId, claim.epoch, { remoteId, attempting: null });
  await tell(inHand, ownEvent("job", `the training was begun as ${remoteId}`));
  return remoteId;
}

/** Noted before it is asked. @throws AppError conflict when another worker has taken over: it is that one's to ask */
async function intend(trainings: InHand["trainings"], claim: InHand["claim"], attempting: TrainingAttempt) {
  const { trainingId, epoch } = claim;
  if (await trainings.change(trainingId, epoch, { attempting })) return;
  throw new AppError("conflict", `training ${trainingId} is another worker’s now`);
}
