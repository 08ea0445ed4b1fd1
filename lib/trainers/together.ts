import { openAsBlob } from "node:fs";
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
import { isMissing } from "./failure";
import { Remote, UPLOAD_TIMEOUT_MS } from "./remote";
import { eventOf, listOf, statusOf, TogetherEvent, TogetherFile, TogetherJob } from "./together-shapes";

export const TogetherTrainerConfig = z.strictObject({
  /** Where the API lives, up to and including `/v1`. */
  baseURL: BaseURL.default("https://api.together.ai/v1"),
  /** Where the models it trains answer; null: at the same address, under the same key. */
  servedAt: BaseURL.nullable().default(null),
  pollMs: z.number().int().min(20).max(600_000).default(30_000),
  /** For one call other than an upload. */
  timeoutMs: z.number().int().min(100).max(600_000).default(60_000),
});
export type TogetherTrainerConfig = z.infer<typeof TogetherTrainerConfig>;

/** The largest file its own client takes. Source: formats.md, 2.3. */
const MOST_BYTES = 50_100_000_000;

/**
 * Together's own fine-tuning API: `/files/upload`, `/files`, `/fine-tunes` and below it `/{id}`, `/{id}/events` and
 * `/{id}/cancel`; hyperparameters stand at the top level, and `learning_rate` is the rate itself. Its losses
 * (`/{id}/metrics`) have no documented names, so that they are not read.
 * Source: https://docs.together.ai/reference/upload-file, https://docs.together.ai/reference/post-fine-tunes, and the
 * client together-py (src/together/resources/fine_tuning.py, src/together/types/finetune_response.py, finetune_event.py)
 */
class TogetherTrainer implements FineTuneProvider {
  readonly pollMs: number;
  readonly keepsFolder = false;
  readonly serving: FineTuneProvider["serving"];
  private readonly remote: Remote;

  constructor(config: TogetherTrainerConfig, secret: string | null) {
    const { baseURL, servedAt, pollMs } = config;
    this.pollMs = pollMs;
    this.serving = { baseURL: servedAt ?? baseURL, sharesKey: servedAt === null };
    this.remote = new Remote(config, secret);
  }

  validate({ train, validation }: TrainingOrder): void {
    const largest = Math.max(train.bytes, validation?.bytes ?? 0);
    if (largest > MOST_BYTES)
      throw new AppError(
        "invalid_input",
        `a file of ${Math.ceil(largest / 1e9)} GB is more than Together takes`,
        {
          fix: `freeze a smaller dataset: one file may have ${MOST_BYTES / 1e9} GB`,
        },
      );
  }

  async upload(file: TrainingFile, signal: AbortSignal): Promise<string> {
    const body = new FormData();
    body.set("purpose", "fine-tune");
    body.set("file_name", file.name);
    body.set("file_type", "jsonl");
    // Of a file on disk: it is read while it is sent.
    body.set("file", await openAsBlob(file.path, { type: "application/jsonl" }), file.name);
    const answer = await this.remote.asked(signal, (options) =>
      this.remote.client.post("/files/upload", { ...options, body, timeout: UPLOAD_TIMEOUT_MS }),
    );
    return this.remote.read(TogetherFile, answer).id;
  }

  async create({ settings }: TrainingOrder, files: RemoteFiles, signal: AbortSignal): Promise<string> {
    const { model, suffix, seed, epochs, batchSize, learningRate, extra } = settings;
    const given = {
      ...{ model, training_file: files.train, validation_file: files.validation, suffix },
      ...{ random_seed: seed, n_epochs: epochs, batch_size: batchSize, learning_rate: learningRate },
      ...extra,
    };
    const body = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
    const answer = await this.remote.asked(signal, (options) =>
      this.remote.client.post("/fine-tunes", { ...options, body }),
    );
    return this.remote.read(TogetherJob, answer).id;
  }

  async poll(remoteId: string, _: unknown, signal: AbortSignal) {
    return statusOf(this.remote.read(TogetherJob, await this.get(pathOf(remoteId), signal)));
  }

  /** All of them each time: there is no way to ask for those after one. */
  async events(remoteId: string, _: unknown, _cursor: unknown, signal: AbortSignal): Promise<TrainingNews> {
    const answer = await this.get(`${pathOf(remoteId)}/events`, signal);
    const events = this.remote
      .read(listOf(TogetherEvent), answer)
      .data.toSorted((a, b) => a.created_at.getTime() - b.created_at.getTime());
    const totals = events.flatMap(({ total_steps: total }) => total ?? []);
    return {
      events: events.map(eventOf),
      cursor: null,
      totalSteps: totals.length === 0 ? null : Math.max(...totals),
    };
  }

  async cancel(remoteId: string, _: unknown, signal: AbortSignal): Promise<void> {
    await this.remote.asked(signal, (options) =>
      this.remote.client.post(`${pathOf(remoteId)}/cancel`, options),
    );
  }

  async findFile({ name, bytes }: TrainingFile, signal: AbortSignal): Promise<string | null> {
    const files = await this.list("/files", TogetherFile, signal, "the file was stored");
    const same = files.find((file) => file.filename === name && (file.bytes == null || file.bytes === bytes));
    return same?.id ?? null;
  }

  /** A job that trains on a file that was uploaded for this training alone. */
  async findJob(_: OrderKey, { train }: RemoteFiles, signal: AbortSignal): Promise<string | null> {
    const jobs = await this.list("/fine-tunes", TogetherJob, signal, "a job was begun");
    return jobs.find((job) => job.training_file === train)?.id ?? null;
  }

  private get(path: string, signal: AbortSignal): Promise<unknown> {
    return this.remote.asked(signal, (options) => this.remote.client.get(path, options));
  }

  /** @throws AppError conflict where there is no such list */
  private async list<T>(path: string, Row: z.ZodType<T>, signal: AbortSignal, what: string): Promise<T[]> {
    const answer = await this.remote.asked(signal, (options) =>
      this.remote.client.get(path, options).catch((error: unknown) => {
        if (isMissing(error)) return null;
        throw error;
      }),
    );
    if (answer === null) throw this.remote.unknown(what);
    return this.remote.read(listOf(Row), answer).data;
  }
}

const pathOf = (remoteId: string) => `/fine-tunes/${encodeURIComponent(remoteId)}`;

/** Together's fine-tuning service. */
export const together: TrainerDriver<TogetherTrainerConfig> = {
  kind: "together",
  title: "Together fine-tuning",
  description: "Together’s own API: uploads the dataset in its dialect, follows the job and its events.",
  notices: [],
  Config: TogetherTrainerConfig,
  format: () => "together",
  fewest: () => 1,
  connect: (config, secret) => new TogetherTrainer(config, secret),
};
