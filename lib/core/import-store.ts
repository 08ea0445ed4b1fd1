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

/** What is stored at once, and what is then stored of the file. */
export type ImportBatch = Pick<OpenImport, "attempt" | "digest" | "format"> & {
  drafts: TrajectoryDraft[];
  rejections: Rejection[];
};

/** How an import of trajectories is stored, batch by batch; it may die anywhere and be gone on with. */
export interface ImportSteps {
  /**
   * Begins to store an import, or goes on with one that did not end; who stored it before is shut out.
   * @throws AppError conflict when it is stored already, invalid_input when it holds no trajectories
   */
  open(importId: number): Promise<OpenImport>;
  /**
   * Stores a batch and notes how far the import is, both or neither.
   * @param after what the batch waits for once it is prepared, as the one before it; where that fails, so does this
   * @throws AppError conflict when somebody else went on with it
   */
  advance(importId: number, batch: ImportBatch, after?: Promise<void>): Promise<void>;
  /** Ends it; nothing changes when somebody else went on with it. `error`: what broke, null where nothing did. */
  close(importId: number, attempt: number, error: string | null): Promise<void>;
}
