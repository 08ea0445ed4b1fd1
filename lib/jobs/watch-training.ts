import { AppError } from "@/lib/core/errors";
import type { OrderKey, TrainingStatus } from "@/lib/core/trainer";
import type { PolicyDraft } from "@/lib/core/training-store";
import { OpenAIConfig } from "@/lib/policies/openai";
import { runFolderOf } from "./run-folder";
import { ownEvent, tell, type InHand } from "./training-in-hand";

/** Reads of news once a training is over, so that the end of a long log is not left out. */
const LAST_READS = 40;
/** Characters of a policy's name. */
const LONGEST_NAME = 100;

/**
 * Asks once how far a training is, keeps what is new, passes on the wish to end it, and ends it where it is over.
 * @returns how it ended, in words; null while it goes on
 */
export async function look(inHand: InHand, remoteId: string): Promise<string | null> {
  const { trainings, claim, provider, signal } = inHand;
  const { trainingId, epoch, key } = claim;
  const order = { key, folder: runFolderOf(claim) };
  const status = await provider.poll(remoteId, order, signal);
  const over = status.state !== "running";
  await trainings.change(trainingId, epoch, { phase: status.phase, logTail: status.logTail });
  await readNews(inHand, remoteId, order, over ? LAST_READS : 1);
  if (over) return end(inHand, status);
  if (claim.cancelAsked) await passOn(inHand, remoteId, order);
  return null;
}

async function readNews(inHand: InHand, remoteId: string, order: OrderKey, reads: number): Promise<void> {
  const { trainings, claim, provider, signal } = inHand;
  let cursor = claim.eventCursor;
  for (let read = 0; read < reads; read++) {
    const news = await provider.events(remoteId, order, cursor, signal);
    await trainings.report(claim.trainingId, claim.epoch, news);
    if (news.cursor === null || news.cursor === cursor) return;
    ({ cursor } = news);
  }
}

/** One that has just ended refuses it: the next look finds out. */
async function passOn(inHand: InHand, remoteId: string, order: OrderKey): Promise<void> {
  const { provider, signal } = inHand;
  try {
    await provider.cancel(remoteId, order, signal);
    await tell(inHand, ownEvent("cancel", "the provider was asked to end it"));
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "request_refused") throw error;
  }
}

async function end(inHand: InHand, status: TrainingStatus): Promise<string> {
  const { trainings, claim } = inHand;
  const { trainingId, epoch } = claim;
  if (status.state === "cancelled") {
    await trainings.end(trainingId, epoch, { state: "cancelled" });
    return "cancelled";
  }
  if (status.state !== "succeeded") {
    const message = status.error ?? "the provider gave no reason";
    await trainings.end(trainingId, epoch, { state: "failed", code: "training_failed", message });
    return `failed: ${message}`;
  }
  const { checkpoint, phase } = status;
  const policy = policyFor(inHand, checkpoint);
  await tell(inHand, ownEvent("end", endWords(checkpoint, policy)));
  await trainings.end(trainingId, epoch, { state: "succeeded", phase, checkpoint, policy });
  return `succeeded: ${checkpoint ?? phase}`;
}

/** The checkpoint as a policy; null where nobody has said where it answers. */
function policyFor({ provider, secret }: InHand, checkpoint: string | null): PolicyDraft | null {
  const { serving } = provider;
  if (checkpoint === null || serving === null) return null;
  const config = OpenAIConfig.parse({ baseURL: serving.baseURL, model: checkpoint });
  const key = serving.sharesKey ? secret : null;
  return { name: checkpoint.slice(0, LONGEST_NAME), kind: "openai", config, secret: key };
}

function endWords(checkpoint: string | null, policy: PolicyDraft | null): string {
  if (checkpoint === null)
    return "it is over; its checkpoint becomes a policy once somebody says where it is served";
  return policy ? `${checkpoint} is registered as a policy` : `${checkpoint} is trained`;
}
