/** Where an export stands that is written to a file before it is downloaded. */
export const exportStates = ["queued", "running", "done", "failed", "cancelled"] as const;
export type ExportState = (typeof exportStates)[number];

/** Whether anything may still happen to it by itself. */
export const isExportOpen = (state: ExportState): boolean => state === "queued" || state === "running";

/** Days that a file is kept after it was written or last downloaded. */
export const EXPORT_KEPT_DAYS = 7;
export const EXPORT_KEPT_MS = EXPORT_KEPT_DAYS * 24 * 60 * 60 * 1000;

/** Examples from which on a folder is better prepared than streamed: a download that breaks off begins anew. */
export const EXPORT_LARGE = 5000;

/** A dataset in one format, written to a file by one version of Gleaner. */
export type DatasetExportRow = {
  exportId: number;
  datasetId: number;
  dataset: string;
  format: string;
  /** The version of Gleaner that writes it: another one may write other bytes. */
  version: string;
  /** What a download is called. */
  fileName: string;
  state: ExportState;
  /** Examples written so far. */
  examples: number;
  /** Examples of the dataset. */
  exampleCount: number;
  /** Bytes written so far. */
  bytes: number;
  /** Of the whole file, in hex; null until it is done. */
  sha256: string | null;
  /** When the file is removed; null until it is done. */
  expiresAt: Date | null;
  /** Why it failed, and what to do; null otherwise. */
  error: { code: string; message: string; fix: string | null } | null;
  createdBy: string;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
};

/** What names the file of an export in the data folder: the claim that wrote it, or is writing it. */
export type ExportFileId = { key: string; epoch: number };

/** How much of an export is written. */
export type ExportProgress = { examples: number; bytes: number };

/** An export that this worker may write. */
export type ExportClaim = DatasetExportRow & ExportFileId;

/**
 * Exports that are written to files; every write of a worker carries the epoch it claimed. `folder` names the folder in
 * which a file is: machines that do not share one do not see each other's.
 */
export interface DatasetExportStore {
  /**
   * The export of that dataset and format by that version in that folder; one that failed or was cancelled is queued again.
   * @throws AppError not_found
   */
  ask(wanted: {
    datasetId: number;
    format: string;
    version: string;
    folder: string;
    fileName: string;
    personId: number;
  }): Promise<DatasetExportRow>;
  get(exportId: number): Promise<DatasetExportRow>;
  /** Newest first, at most 200. */
  list(datasetId: number, folder: string): Promise<DatasetExportRow[]>;
  fileId(exportId: number): Promise<ExportFileId>;
  /** One that is not over ends at once; its worker learns of it when it next reports. False: it was over. */
  cancel(exportId: number): Promise<boolean>;
  /**
   * Takes back that a file is there, whatever becomes of the file. False: it was not.
   * @param to `queued`: to write it again
   */
  withdraw(exportId: number, to: "queued" | "cancelled"): Promise<boolean>;
  /** Forgets one that is over and has no file. False: it is open, or has one. */
  forget(exportId: number): Promise<boolean>;
  /** Keeps the file of one that is done so long from now on, if it would go before. */
  keep(exportId: number, keptMs: number): Promise<void>;
  /** Bytes of all files: those that are done, and what is written of the others. */
  bytes(folder: string): Promise<number>;
  /** Those of the keys that exports have, each with the epoch whose file is to stay; null where none is. */
  known(keys: string[]): Promise<{ key: string; epoch: number | null }[]>;
  /** Done, and kept long enough. */
  expired(folder: string, limit: number): Promise<number[]>;
  /** Open, and nobody works on them. */
  waiting(folder: string, limit: number): Promise<number[]>;
  /** Takes an open one that nobody works on; null when there is none of that id, or it was given up. */
  claim(exportId: number, worker: ExportWorker): Promise<ExportClaim | null>;
  /** Says how far it is and keeps it ours. False: no longer ours. */
  report(exportId: number, epoch: number, written: ExportProgress, leaseMs: number): Promise<boolean>;
  /** Gives it back unfinished. */
  release(exportId: number, epoch: number): Promise<void>;
  /** Every example is written. False: no longer ours. */
  finish(
    exportId: number,
    epoch: number,
    file: { bytes: number; sha256: string; keptMs: number },
  ): Promise<boolean>;
  fail(
    exportId: number,
    epoch: number,
    error: { code: string; message: string; fix: string | undefined },
  ): Promise<boolean>;
}

/** Who claims an export of its folder. Another version would write other bytes than were asked for, and gives it up. */
export type ExportWorker = { owner: string; leaseMs: number; version: string; folder: string };
