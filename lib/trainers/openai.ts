import { createReadStream } from "node:fs";
import { toStreamingFile } from "openai";
import { z } from "zod";
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
import { hyperparametersIn } from "./hyperparameters";
import { fewest, isOpenAI, ofOpenAI, OpenAITrainerConfig, sunset } from "./openai-config";
import {
  checkpointEvent,
  eventOf,
  pageOf,
  RemoteCheckpoint,
  RemoteEvent,
  RemoteFile,
  RemoteJob,
  statusOf,
} from "./openai-shapes";
import { Remote, UPLOAD_TIMEOUT_MS } from "./remote";

const PAGE = 100;
/** Pages of files, jobs or events that are looked through. */
const MOST_PAGES = 50;

type Query = Record<string, string | number>;

class OpenAITrainer implements FineTuneProvider {
  readonly pollMs: number;
  readonly keepsFolder = false;
  readonly serving: FineTuneProvider["serving"];
  private readonly remote: Remote;

  constructor(
    private readonly config: OpenAITrainerConfig,
    secret: string | null,
  ) {
    const { baseURL, servedAt, pollMs, timeoutMs } = config;
    this.pollMs = pollMs;
    this.serving = { baseURL: servedAt ?? baseURL, sharesKey: servedAt === null };
    this.remote = new Remote({ baseURL, timeoutMs }, secret);
  }

  validate({ train, validation }: TrainingOrder): void {
    if (train.rows < fewest(this.config))
      throw new AppError(
        "invalid_input",
        `${train.rows} examples are too few: OpenAI takes ${ofOpenAI.fewest} or more`,
        { fix: "freeze a larger dataset" },
      );
    const largest = Math.max(train.bytes, validation?.bytes ?? 0);
    if (isOpenAI(this.config) && largest > ofOpenAI.bytes)
      throw new AppError(
        "invalid_input",
        `a file of ${Math.ceil(largest / 1e6)} MB is more than OpenAI takes`,
        {
          fix: `freeze a smaller dataset: one file may have ${ofOpenAI.bytes / 1e6} MB`,
        },
      );
  }

  async upload(file: TrainingFile, signal: AbortSignal): Promise<string> {
    const content = createReadStream(file.path);
    try {
      const answer = await this.remote.asked(signal, (options) =>
        this.remote.client.files.create(
          { file: toStreamingFile(content, file.name, { type: "application/jsonl" }), purpose: "fine-tune" },
          { ...options, timeout: UPLOAD_TIMEOUT_MS },
        ),
      );
      return this.remote.read(RemoteFile, answer).id;
    } finally {
      content.destroy();
    }
  }

  async create(order: TrainingOrder, files: RemoteFiles, signal: AbortSignal): Promise<string> {
    const { settings, dataset, key } = order;
    const answer = await this.remote.asked(signal, (options) =>
      this.remote.client.post("/fine_tuning/jobs", {
        ...options,
        body: {
          model: settings.model,
          training_file: files.train,
          ...(files.validation === null ? {} : { validation_file: files.validation }),
          ...(settings.suffix === null ? {} : { suffix: settings.suffix }),
          ...(settings.seed === null ? {} : { seed: settings.seed }),
          ...hyperparametersIn(this.config, settings),
          metadata: {
            gleaner_training: key,
            dataset: dataset.name.slice(0, 500),
            dataset_sha256: dataset.contentHash.slice(0, 500),
          },
        },
      }),
    );
    return this.remote.read(RemoteJob, answer).id;
  }

  async poll(remoteId: string, _: unknown, signal: AbortSignal) {
    return statusOf(
      this.remote.read(
        RemoteJob,
        await this.remote.asked(signal, (options) =>
          this.remote.client.fineTuning.jobs.retrieve(remoteId, options),
        ),
      ),
    );
  }

  async events(
    remoteId: string,
    _: unknown,
    cursor: string | null,
    signal: AbortSignal,
  ): Promise<TrainingNews> {
    const path = `/fine_tuning/jobs/${encodeURIComponent(remoteId)}`;
    const found: z.infer<typeof RemoteEvent>[] = [];
    await this.walk(`${path}/events`, RemoteEvent, {}, signal, (event, newestFirst) => {
      if (event.id === cursor && newestFirst) return true;
      found.push(event);
      return false;
    });
    const checkpoints: z.infer<typeof RemoteCheckpoint>[] = [];
    await this.walk(`${path}/checkpoints`, RemoteCheckpoint, {}, signal, (each) => {
      checkpoints.push(each);
      return false;
    });
    const inOrder = found.toReversed().sort((a, b) => a.created_at.getTime() - b.created_at.getTime());
    const totals = found.flatMap(({ data }) => data?.total_steps ?? []);
    return {
      events: [...inOrder.map(eventOf), ...checkpoints.map(checkpointEvent)],
      cursor: inOrder.at(-1)?.id ?? null,
      totalSteps: totals.length === 0 ? null : Math.max(...totals),
    };
  }

  async cancel(remoteId: string, _: unknown, signal: AbortSignal): Promise<void> {
    await this.remote.asked(signal, (options) =>
      this.remote.client.fineTuning.jobs.cancel(remoteId, options),
    );
  }

  async findFile({ name, bytes }: TrainingFile, signal: AbortSignal): Promise<string | null> {
    let id: string | null = null;
    const listed = await this.walk("/files", RemoteFile, { purpose: "fine-tune" }, signal, (file) => {
      const same = file.filename === name && (file.bytes == null || file.bytes === bytes);
      if (same) id = file.id;
      return same;
    });
    if (!listed) throw this.remote.unknown("the file was stored");
    return id;
  }

  /** A job that names this training, or trains on a file that was uploaded for it alone. */
  async findJob({ key }: OrderKey, { train }: RemoteFiles, signal: AbortSignal): Promise<string | null> {
    let id: string | null = null;
    const listed = await this.walk("/fine_tuning/jobs", RemoteJob, {}, signal, (job) => {
      const same = job.metadata?.["gleaner_training"] === key || job.training_file === train;
      if (same) id = job.id;
      return same;
    });
    if (!listed) throw this.remote.unknown("a job was begun");
    return id;
  }

  /**
   * Goes through a list until `see` says that is enough. Most list the newest first; `newestFirst` says so of this page.
   * @returns false where there is no such list
   */
  private async walk<T extends { id: string; created_at?: Date }>(
    path: string,
    Row: z.ZodType<T>,
    query: Query,
    signal: AbortSignal,
    see: (row: T, newestFirst: boolean) => boolean,
  ): Promise<boolean> {
    let after: Query = {};
    for (let page = 0; page < MOST_PAGES; page++) {
      const all = { ...query, limit: PAGE, ...after };
      const answer = await this.remote.asked(signal, (options) =>
        this.remote.client.get(path, { ...options, query: all }).catch((error: unknown) => {
          if (isMissing(error)) return null;
          throw error;
        }),
      );
      if (answer === null) return false;
      const { data, has_more: more } = this.remote.read(pageOf(Row), answer);
      const [first, last] = [data[0]?.created_at, data.at(-1)?.created_at];
      const newestFirst = first === undefined || last === undefined || first >= last;
      if (data.some((row) => see(row, newestFirst))) return true;
      const end = data.at(-1);
      if (!more || !end || end.id === after["after"]) return true;
      after = { after: end.id };
    }
    return true;
  }
}

/** Any service that speaks OpenAI's fine-tuning jobs. */
export const openai: TrainerDriver<OpenAITrainerConfig> = {
  kind: "openai",
  title: "OpenAI-compatible fine-tuning",
  description:
    "A service that speaks OpenAI's files and fine_tuning/jobs: uploads the dataset, follows the job.",
  notices: sunset,
  Config: OpenAITrainerConfig,
  format: () => "openai",
  fewest,
  connect: (config, secret) => new OpenAITrainer(config, secret),
};
