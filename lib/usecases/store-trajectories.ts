import { createHash } from "node:crypto";
import { AppError } from "@/lib/core/errors";
import type { ImportBatch, OpenImport } from "@/lib/core/import-store";
import type { ImportDefaults, ImportRecord } from "@/lib/core/ports";
import type { ImportRow, Rejection } from "@/lib/core/rows";
import type { TrajectoryDraft } from "@/lib/core/trajectory";
import { readRecords } from "@/lib/importers/registry";
import type { Deps } from "./deps";
import { Defaults } from "./imports";

/** What is stored at once: as many records as this, or as many bytes of them. */
const BATCH = { records: 500, bytes: 4 * 1024 * 1024 };

type Bytes = AsyncIterable<Uint8Array>;
type Options = { format?: string; defaults: ImportDefaults };

/**
 * Stores a file of trajectories batch by batch. Good records land, bad ones are kept with line and reason; content
 * already stored is counted as duplicate.
 * @throws AppError invalid_input when the file cannot be read at all; what was stored stays
 */
export async function storeTrajectories(
  { store }: Pick<Deps, "store">,
  importId: number,
  stream: Bytes,
  options: Options,
): Promise<ImportRow> {
  return storing(store, importId, await store.imports.open(importId), stream, options);
}

/**
 * Goes on with an import that did not end, from the same file: what is stored is read again but not stored again, and
 * nothing more is stored unless it is the same. Nobody else stores it from now on.
 * @param options.opened the import, where it was opened already
 * @throws AppError conflict when it ended, or when the file is another one; invalid_input as storeTrajectories
 */
export async function resumeTrajectories(
  { store }: Pick<Deps, "store">,
  importId: number,
  stream: Bytes,
  options: { format?: string; opened?: OpenImport } = {},
): Promise<ImportRow> {
  const opened = options.opened ?? (await store.imports.open(importId));
  const defaults = Defaults.parse(opened.defaults);
  const format = options.format === undefined ? {} : { format: options.format };
  return storing(store, importId, opened, stream, { ...format, defaults });
}

/** A batch while it fills, and the digest of all records up to here. */
class Filling {
  private readonly hash = createHash("sha256");
  private drafts: TrajectoryDraft[] = [];
  private rejections: Rejection[] = [];
  private bytes = 0;
  records = 0;

  constructor(private readonly opened: OpenImport) {}

  see(bytes: Uint8Array): void {
    this.hash.update(bytes).update("\n");
    this.bytes += bytes.length;
  }

  /** Takes a record. Of those stored before only the last is looked at: with it the file must be the same so far. */
  take(record: ImportRecord): void {
    this.records += 1;
    if (this.records <= this.opened.records) {
      this.bytes = 0;
      if (this.records === this.opened.records) this.demandSame();
    } else if (record.ok) {
      this.opened.format ??= record.format;
      this.drafts.push(record.draft);
    } else this.rejections.push(record);
  }

  get full(): boolean {
    const records = this.drafts.length + this.rejections.length;
    return records >= BATCH.records || (records > 0 && this.bytes >= BATCH.bytes);
  }

  get empty(): boolean {
    return this.drafts.length + this.rejections.length === 0;
  }

  empties(): ImportBatch {
    const { attempt, format } = this.opened;
    const { drafts, rejections } = this;
    [this.drafts, this.rejections, this.bytes] = [[], [], 0];
    return { attempt, format, digest: this.digest(), drafts, rejections };
  }

  /** @throws AppError conflict when the file ends before what is stored of it */
  demandComplete(): void {
    if (this.records < this.opened.records) throw anotherFile(this.opened.records);
    if (this.records === 0) throw new AppError("invalid_input", "the file holds no records");
  }

  private demandSame(): void {
    if (this.opened.digest !== this.digest()) throw anotherFile(this.opened.records);
  }

  private digest(): string {
    return this.hash.copy().digest("hex");
  }
}

function anotherFile(records: number): AppError {
  return new AppError("conflict", `this is not the file of which ${records} records are stored`, {
    fix: "send the same file again, or import this one anew",
  });
}

/** The next batch is read, checked, hashed and taken apart into words while one is stored: never more than one ahead. */
async function storing(
  store: Deps["store"],
  importId: number,
  opened: OpenImport,
  stream: Bytes,
  options: Options,
): Promise<ImportRow> {
  const filling = new Filling({ ...opened, format: opened.format ?? options.format ?? null });
  let before: Promise<void> = Promise.resolve();
  const flush = async () => {
    const earlier = before;
    before = store.imports.advance(importId, filling.empties(), earlier);
    // It is awaited with the next batch; until then nobody else hears of its failure.
    before.catch(() => undefined);
    await earlier;
  };
  try {
    const seen = (raw: { bytes: Uint8Array }) => filling.see(raw.bytes);
    for await (const record of readRecords(stream, { ...options, seen })) {
      filling.take(record);
      if (filling.full) await flush();
    }
    if (!filling.empty) await flush();
    await before;
    filling.demandComplete();
    await store.imports.close(importId, opened.attempt, null);
  } catch (error) {
    await before.catch(() => undefined);
    const message = error instanceof AppError ? error.message : "an internal error; see the server log";
    await store.imports.close(importId, opened.attempt, message);
    throw error;
  }
  return store.imports.get(importId);
}
