import type { ImportRow, Rejection } from "./rows";
import type { TrajectoryDraft } from "./trajectory";

/** An import that somebody began to store, and how far it was. */
export type OpenImport = Pick<ImportRow, "records" | "format"> & {
  /** Which beginning this is: batches of an earlier one are refused. */
  attempt: number;
  /** SHA-256 of the records stored so far, hex; null where none is. */
  digest: string | null;
  /** What was said of records that do not say it themselves. */
  defaults: unknown;
};

/** How far an import is with a batch, and who says so. */
export type ImportProgress = Pick<OpenImport, "attempt" | "digest" | "format">;

/** What is stored at once. It is filled and stored again and again, and holds no more than the largest of these did. */
export interface ImportBatch {
  /** What it holds: drafts and rejections. */
  readonly records: number;
  /**
   * Takes a draft: it is checked, hashed and taken apart into words at once, and the database waits for none of that.
   * @throws AppError invalid_input naming the field that cannot be stored
   */
  add(draft: TrajectoryDraft): void;
  reject(rejection: Rejection): void;
  /**
   * Stores all of it and notes how far the import then is, both or neither; from then on it is empty.
   * @param after what it waits for, as the batch before it; where that fails, so does this
   * @throws AppError conflict when somebody else went on with the import
   */
  advance(to: ImportProgress, after?: Promise<void>): Promise<void>;
}

/** How an import of trajectories is stored, batch by batch; it may die anywhere and be gone on with. */
export interface ImportSteps {
  /**
   * Begins to store an import, or goes on with one that did not end; who stored it before is shut out.
   * @throws AppError conflict when it is stored already, invalid_input when it holds no trajectories
   */
  open(importId: number): Promise<OpenImport>;
  /** An empty batch of it. */
  batch(importId: number): ImportBatch;
  /** Ends it; nothing changes when somebody else went on with it. `error`: what broke, null where nothing did. */
  close(importId: number, attempt: number, error: string | null): Promise<void>;
}
