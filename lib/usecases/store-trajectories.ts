import { createHash } from "node:crypto";
import { setImmediate as others } from "node:timers/promises";
import { AppError } from "@/lib/core/errors";
import type { ImportBatch, OpenImport } from "@/lib/core/import-store";
import type { ImportDefaults, ImportRecord } from "@/lib/core/ports";
import type { ImportRow } from "@/lib/core/rows";
import { readRecords } from "@/lib/importers/registry";
import type { Deps } from "./deps";
import { Defaults } from "./imports";

/** What is stored at once: as many records as this, or as many bytes of them. */
const BATCH = { records: 500, bytes: 4 * 1024 * 1024 };
/** So many bytes are read and prepared before the database, and whoever else waits in this process, is answered. */
const SLICE = 32 * 1024;

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

/** The batch that is filled while the one before it is stored, and the digest of all records up to here. */
class Filling {
  private readonly hash = createHash("sha256");
  private batch: ImportBatch;
  private other: ImportBatch;
  private before: Promise<void> = Promise.resolve();
  private bytes = 0;
  private slice = 0;
  private records = 0;

  constructor(
    private readonly opened: OpenImport,
    empty: () => ImportBatch,
  ) {
    [this.batch, this.other] = [empty(), empty()];
  }

  see(bytes: Uint8Array): void {
    this.hash.update(bytes).update("\n");
    this.bytes += bytes.length;
    this.slice += bytes.length;
  }

  /** Takes a record. Of those stored before only the last is looked at: with it the file must be the same so far. */
  async take(record: ImportRecord): Promise<void> {
    this.records += 1;
    if (this.records <= this.opened.records) {
      this.bytes = 0;
      if (this.records === this.opened.records) this.demandSame();
    } else if (record.ok) {
      this.opened.format ??= record.format;
      this.batch.add(record.draft);
    } else this.batch.reject(record);
    const { records } = this.batch;
    if (records >= BATCH.records || (records > 0 && this.bytes >= BATCH.bytes)) await this.next();
    if (this.slice < SLICE) return;
    this.slice = 0;
    await others();
  }

  /** @throws AppError conflict when the file ends before what is stored of it */
  async ends(): Promise<void> {
    if (this.batch.records > 0) await this.next();
    await this.before;
    if (this.records < this.opened.records) throw anotherFile(this.opened.records);
    if (this.records === 0) throw new AppError("invalid_input", "the file holds no records");
  }

  /** Ends when nothing is stored any more; it never fails. */
  settled(): Promise<void> {
    return this.before.catch(() => undefined);
  }

  /** Begins to store the batch once the one before it is stored, which then is the next to be filled. */
  private async next(): Promise<void> {
    const { attempt, format } = this.opened;
    const earlier = this.before;
    this.before = this.batch.advance({ attempt, format, digest: this.digest() }, earlier);
    // It is awaited with the next batch; until then nobody else hears of its failure.
    this.before.catch(() => undefined);
    this.bytes = 0;
    await earlier;
    [this.batch, this.other] = [this.other, this.batch];
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
  const begun = { ...opened, format: opened.format ?? options.format ?? null };
  const filling = new Filling(begun, () => store.imports.batch(importId));
  try {
    const seen = (raw: { bytes: Uint8Array }) => filling.see(raw.bytes);
    for await (const record of readRecords(stream, { ...options, seen })) await filling.take(record);
    await filling.ends();
    await store.imports.close(importId, opened.attempt, null);
  } catch (error) {
    await filling.settled();
    const message = error instanceof AppError ? error.message : "an internal error; see the server log";
    await store.imports.close(importId, opened.attempt, message);
    throw error;
  }
  return store.imports.get(importId);
}
