import { z } from "zod";
import type { IterationKey } from "@/lib/core/campaign-store";
import { driverOf, settingsOf } from "@/lib/core/drivers";
import { AppError } from "@/lib/core/errors";
import type { Exporter } from "@/lib/core/ports";
import type { DatasetRow, Page } from "@/lib/core/rows";
import { isOpen, isTrainable, trainingKinds, type LossPoint } from "@/lib/core/training";
import { TrainingSettings } from "@/lib/core/training-settings";
import type { TrainingEvent, TrainingProviderRow, TrainingRow } from "@/lib/core/training-store";
import { exporterFor, exporters } from "@/lib/exporters/registry";
import { allowedCommand, allowedCommands, trainerDrivers } from "@/lib/trainers/registry";
import type { Deps } from "./deps";

const PAGE = 50;
/** Points of a loss chart. */
const POINTS = 500;
const Id = z.number().int().positive();

/** A provider to add or change by name. An absent secret keeps the stored one, null removes it. */
export const TrainingProviderInput = z.strictObject({
  name: z.string().trim().min(1).max(100),
  kind: z.enum(trainingKinds),
  config: z.record(z.string(), z.unknown()),
  secret: z.string().min(1).max(4000).nullable().optional(),
});
export type TrainingProviderInput = z.infer<typeof TrainingProviderInput>;

/** Which dataset is trained on, by whom and how. */
export const TrainingInput = z.strictObject({
  datasetId: Id,
  providerId: Id,
  settings: TrainingSettings,
});
export type TrainingInput = z.input<typeof TrainingInput>;

/** Where the checkpoint of a training answers. */
export const RegisterInput = z.strictObject({
  trainingId: Id,
  name: z.string().trim().min(1).max(100),
  baseURL: z.string().trim().max(2000),
  model: z.string().trim().min(1).max(200),
  secret: z.string().min(1).max(4000).nullable().default(null),
});
export type RegisterInput = z.input<typeof RegisterInput>;

/** All providers, secrets left out. */
export function listTrainingProviders({ store }: Pick<Deps, "store">): Promise<TrainingProviderRow[]> {
  return store.trainings.providers();
}

/**
 * Adds a provider or changes the one of that name.
 * @throws AppError invalid_input naming the bad field, conflict while a training of it is open
 */
export async function putTrainingProvider(
  { store }: Pick<Deps, "store">,
  input: TrainingProviderInput,
): Promise<TrainingProviderRow> {
  const whose = `training provider “${input.name}”`;
  const driver = driverOf(trainerDrivers, input.kind, whose);
  const config = settingsOf(driver, input.config, whose);
  const exporter = exporterFor(driver.format(config));
  if (!isTrainable(exporter))
    throw new AppError("invalid_input", `“${exporter.title}” cannot be trained on from a run folder`, {
      fix: "choose a format with one data file and a mask",
    });
  const named = z.object({ command: z.string() }).safeParse(config);
  if (named.success) allowedCommand(named.data.command);
  return store.trainings.putProvider({ ...input, config });
}

/** What can be set up: the kinds of provider, what to know of them, the formats of run folders, the operator's commands. */
export function trainerChoices() {
  return {
    kinds: Object.values(trainerDrivers).map(({ kind, title, description, notices }) => ({
      ...{ kind, title, description, notices },
    })),
    formats: Object.values<Exporter>(exporters)
      .filter(isTrainable)
      .map(({ format, title }) => ({ format, title })),
    ...commandNames(),
  };
}

/** A file of commands that cannot be read must not take the page with it. */
function commandNames(): { commands: string[]; trouble: string | null } {
  try {
    return { commands: Object.keys(allowedCommands()), trouble: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { commands: [], trouble: error.message };
  }
}

/** What would be handed over: examples for training, and those held out. */
export type TrainingData = { dataset: DatasetRow; train: number; validation: number };

/** @throws AppError not_found */
export async function trainingData({ store }: Pick<Deps, "store">, datasetId: number): Promise<TrainingData> {
  const dataset = await store.datasets.get(datasetId);
  const validation = dataset.validationCount;
  return { dataset, train: dataset.exampleCount - validation, validation };
}

/**
 * Starts a training; the workers hand it over and follow it.
 * @throws AppError not_found, invalid_input when there is too little to train on or its command is not allowed
 */
export async function startTraining(
  deps: Pick<Deps, "store" | "queue">,
  personId: number,
  { datasetId, providerId, settings }: z.output<typeof TrainingInput>,
): Promise<TrainingRow> {
  const { dataset, train } = await trainingData(deps, datasetId);
  const provider = await deps.store.trainings.provider(providerId);
  const whose = `training provider “${provider.name}”`;
  const driver = driverOf(trainerDrivers, provider.kind, whose);
  const fewest = driver.fewest(settingsOf(driver, provider.config, whose));
  if (train < fewest)
    throw new AppError(
      "invalid_input",
      `dataset “${dataset.name}” has ${train} examples to train on; ${provider.name} takes ${fewest} or more`,
      { fix: "freeze a dataset with more examples" },
    );
  const training = await deps.store.trainings.create({ datasetId, providerId, settings, personId });
  await deps.queue.send("follow-training", { trainingId: training.trainingId });
  return training;
}

/** Trainings, newest first. */
export function listTrainings(
  { store }: Pick<Deps, "store">,
  cursor: string | null,
): Promise<Page<TrainingRow>> {
  return store.trainings.list(cursor, PAGE);
}

export type TrainingView = {
  training: TrainingRow;
  losses: LossPoint[];
  /** The iteration whose dataset it trains on: its checkpoint can explore the next. */
  iteration: (IterationKey & { campaign: string }) | null;
  /** Where its checkpoint is going to be served, as its provider says; null where nobody said. */
  servedAt: string | null;
};

/** A training, how its loss went, and what its checkpoint is for. @throws AppError not_found */
export async function trainingView(
  { store }: Pick<Deps, "store">,
  trainingId: number,
): Promise<TrainingView> {
  const training = await store.trainings.get(trainingId);
  const [losses, iteration, provider] = await Promise.all([
    store.trainings.losses(trainingId, POINTS),
    store.trainings.iterationOf(training.datasetId),
    store.trainings.provider(training.providerId),
  ]);
  const Served = z.object({ endpoint: z.object({ baseURL: z.string() }) });
  const endpoint = Served.safeParse(provider.config);
  return { training, losses, iteration, servedAt: endpoint.success ? endpoint.data.endpoint.baseURL : null };
}

/** What happened in a training, newest first. */
export function trainingEvents(
  { store }: Pick<Deps, "store">,
  trainingId: number,
  cursor: string | null,
): Promise<Page<TrainingEvent>> {
  return store.trainings.events(trainingId, cursor, PAGE);
}

/** The newest policy that was trained on a dataset; null where none was. */
export function policyTrainedOn({ store }: Pick<Deps, "store">, datasetId: number) {
  return store.trainings.policyTrainedOn(datasetId);
}

/**
 * Asks a training to end. What was begun at the provider is asked to stop there; until it has, the training stays open.
 * @throws AppError conflict when it is over
 */
export async function cancelTraining(
  { store, queue }: Pick<Deps, "store" | "queue">,
  trainingId: number,
): Promise<void> {
  const asked = await store.trainings.cancel(trainingId);
  const { state } = await store.trainings.get(trainingId);
  if (!asked) throw new AppError("conflict", `training ${trainingId} is over`, { fix: "reload its page" });
  if (isOpen(state)) await queue.send("follow-training", { trainingId }, "first");
}

/**
 * Registers the checkpoint of a training that succeeded without saying where it is served.
 * @throws AppError invalid_input for a bad address, conflict when it is registered or did not succeed
 */
export async function registerTraining(
  { store, policies }: Pick<Deps, "store" | "policies">,
  { trainingId, name, baseURL, model, secret }: z.output<typeof RegisterInput>,
): Promise<TrainingRow> {
  const whose = `policy “${name}”`;
  const config = settingsOf(driverOf(policies, "openai", whose), { baseURL, model }, whose);
  return store.trainings.register(trainingId, model, { name, kind: "openai", config, secret });
}
