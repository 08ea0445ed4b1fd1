import { openAsBlob } from "node:fs";
import { APIError } from "openai";
import { z } from "zod";
import { BaseURL } from "@/lib/core/base-url";
import { AppError } from "@/lib/core/errors";
import type {
  FineTuneProvider,
  OrderKey,
  RemoteFiles,
  TrainerDriver,
  TrainingFile,
  TrainingNews,
  TrainingOrder,
} from "@/lib/core/trainer";
import { TrainerBusy } from "@/lib/core/training";
import { eventsOf, FireworksDataset, FireworksJob, statusOf } from "./fireworks-shapes";
import { Remote, UPLOAD_TIMEOUT_MS } from "./remote";

export const FireworksTrainerConfig = z.strictObject({
  /** Where the API lives, up to and including `/v1`. */
  baseURL: BaseURL.default("https://api.fireworks.ai/v1"),
  /** The account that datasets and jobs belong to. */
  accountId: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "must be an account id: lower-case letters, digits and -"),
  /** Where the models it trains answer once they are deployed; null: whoever deploys one says so. */
  servedAt: BaseURL.nullable().default(null),
  pollMs: z.number().int().min(20).max(600_000).default(30_000),
  /** For one call other than an upload. */
  timeoutMs: z.number().int().min(100).max(600_000).default(60_000),
});
export type FireworksTrainerConfig = z.infer<typeof FireworksTrainerConfig>;

/** What it takes. Source: https://docs.fireworks.ai/fine-tuning/fine-tuning-models, …/fine-tuning-via-api */
const FEWEST = 3;
const MOST_BYTES = 150_000_000;
/** Until an upload was looked at. */
const READY_MS = 5_000;

/**
 * Fireworks' own fine-tuning API, below `/accounts/{account}`: `/datasets`, `/datasets/{id}:upload`,
 * `/supervisedFineTuningJobs`, `/{id}` and `/{id}:cancel`. Datasets and jobs get names of ours, so that what was made
 * before is found by its name. It has no list of events: how far a job is stands in the job. It takes no seed.
 * Source: https://docs.fireworks.ai/fine-tuning/fine-tuning-via-api, https://docs.fireworks.ai/api-reference/create-dataset,
 * …/upload-dataset-files, …/create-supervised-fine-tuning-job, …/get-supervised-fine-tuning-job; the states of a dataset
 * and `batchSizeSamples` from the client fw-ai-external/python-sdk (src/fireworks/types); `:cancel` from the published
 * operation Gateway.CancelSupervisedFineTuningJob
 */
class FireworksTrainer implements FineTuneProvider {
  readonly pollMs: number;
  readonly keepsFolder = false;
  readonly serving: FineTuneProvider["serving"];
  private readonly remote: Remote;
  private readonly account: string;

  constructor(config: FireworksTrainerConfig, secret: string | null) {
    const { baseURL, accountId, servedAt, pollMs } = config;
    this.pollMs = pollMs;
    const sharesKey = servedAt !== null && new URL(servedAt).origin === new URL(baseURL).origin;
    this.serving = servedAt === null ? null : { baseURL: servedAt, sharesKey };
    this.remote = new Remote(config, secret);
    this.account = `accounts/${accountId}`;
  }

  validate({ train, validation, settings }: TrainingOrder): void {
    const refuse = (message: string, fix: string) => {
      throw new AppError("invalid_input", message, { fix });
    };
    if (train.rows < FEWEST)
      refuse(
        `${train.rows} examples are too few: Fireworks takes ${FEWEST} or more`,
        "freeze a larger dataset",
      );
    if (Math.max(train.bytes, validation?.bytes ?? 0) >= MOST_BYTES)
      refuse(`a file of ${MOST_BYTES / 1e6} MB or more cannot be handed over`, "freeze a smaller dataset");
    if (settings.seed !== null) refuse("Fireworks takes no seed", "leave the seed empty");
  }

  async upload(file: TrainingFile, signal: AbortSignal): Promise<string> {
    const datasetId = idOf(file);
    await this.remote.asked(signal, (options) =>
      this.remote.client
        .post(`/${this.account}/datasets`, {
          ...options,
          body: { datasetId, dataset: { userUploaded: {}, exampleCount: String(file.rows) } },
        })
        .catch((error: unknown) => {
          // It was made when an answer was lost; its content comes now.
          if (!(error instanceof APIError) || error.status !== 409) throw error;
        }),
    );
    const body = new FormData();
    // Of a file on disk: it is read while it is sent.
    body.set("file", await openAsBlob(file.path, { type: "application/jsonl" }), file.name);
    await this.remote.asked(signal, (options) =>
      this.remote.client.post(`/${this.account}/datasets/${datasetId}:upload`, {
        ...{ ...options, body, timeout: UPLOAD_TIMEOUT_MS },
      }),
    );
    return `${this.account}/datasets/${datasetId}`;
  }

  async findFile(file: TrainingFile, signal: AbortSignal): Promise<string | null> {
    const name = `${this.account}/datasets/${idOf(file)}`;
    const found = await this.find(`/${name}`, FireworksDataset, signal);
    return found?.state === "READY" ? name : null;
  }

  async create(order: TrainingOrder, files: RemoteFiles, signal: AbortSignal): Promise<string> {
    for (const name of [files.train, ...(files.validation === null ? [] : [files.validation])])
      await this.demandReady(name, signal);
    const { key, dataset, settings } = order;
    const { model, suffix, epochs, batchSize, learningRate, extra } = settings;
    const given = {
      ...{ dataset: files.train, evaluationDataset: files.validation, baseModel: model },
      displayName: `${suffix ?? "gleaner"} ${dataset.name}`.slice(0, 60),
      ...{ epochs, batchSizeSamples: batchSize, learningRate },
      ...extra,
    };
    const body = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
    const answer = await this.remote.asked(signal, (options) =>
      this.remote.client.post(`/${this.account}/supervisedFineTuningJobs`, {
        ...options,
        query: { supervisedFineTuningJobId: jobId(key) },
        body,
      }),
    );
    return this.remote.read(FireworksJob, answer).name;
  }

  async findJob({ key }: OrderKey, _: unknown, signal: AbortSignal): Promise<string | null> {
    const name = `${this.account}/supervisedFineTuningJobs/${jobId(key)}`;
    return (await this.find(`/${name}`, FireworksJob, signal)) === null ? null : name;
  }

  async poll(remoteId: string, _: unknown, signal: AbortSignal) {
    return statusOf(await this.job(remoteId, signal));
  }

  async events(remoteId: string, _: unknown, _cursor: unknown, signal: AbortSignal): Promise<TrainingNews> {
    return { events: eventsOf(await this.job(remoteId, signal)), cursor: null, totalSteps: null };
  }

  async cancel(remoteId: string, _: unknown, signal: AbortSignal): Promise<void> {
    await this.remote.asked(signal, (options) =>
      this.remote.client.post(`/${remoteId}:cancel`, { ...options, body: {} }),
    );
  }

  private async job(remoteId: string, signal: AbortSignal) {
    const answer = await this.remote.asked(signal, (options) =>
      this.remote.client.get(`/${remoteId}`, options),
    );
    return this.remote.read(FireworksJob, answer);
  }

  /** @throws TrainerBusy until what was uploaded was looked at */
  private async demandReady(name: string, signal: AbortSignal): Promise<void> {
    const found = await this.find(`/${name}`, FireworksDataset, signal);
    if (found?.state === "READY") return;
    const where = `${this.remote.place.origin}: ${name}`;
    throw new TrainerBusy("endpoint_unavailable", `${where} is not ready yet`, READY_MS);
  }

  /** What a name names; null where it names nothing. */
  private async find<T>(path: string, Shape: z.ZodType<T>, signal: AbortSignal): Promise<T | null> {
    const answer = await this.remote.asked(signal, (options) =>
      this.remote.client.get(path, options).catch((error: unknown) => {
        if (error instanceof APIError && error.status === 404) return null;
        throw error;
      }),
    );
    return answer === null ? null : this.remote.read(Shape, answer);
  }
}

const idOf = ({ name }: TrainingFile): string => name.replace(/\.jsonl$/, "");
const jobId = (key: string): string => `gleaner-${key}`;

/** Fireworks' fine-tuning service. */
export const fireworks: TrainerDriver<FireworksTrainerConfig> = {
  kind: "fireworks",
  title: "Fireworks fine-tuning",
  description: "Fireworks’ own API: uploads the dataset in its dialect, follows the job.",
  notices: [],
  Config: FireworksTrainerConfig,
  format: () => "fireworks",
  fewest: () => FEWEST,
  connect: (config, secret) => new FireworksTrainer(config, secret),
};
