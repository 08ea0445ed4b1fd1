import type { FileHandle } from "node:fs/promises";
import { exportsFolder } from "@/lib/config/env";
import { DatasetCard } from "@/lib/core/dataset";
import { EXPORT_KEPT_MS, isExportOpen, type DatasetExportRow } from "@/lib/core/dataset-export";
import { AppError } from "@/lib/core/errors";
import { version } from "@/lib/core/version";
import { folderNameOf } from "@/lib/exporters/kit";
import { folderName, isPrepared, nameFolder, openPrepared, removePrepared } from "@/lib/exporters/prepared";
import { exporterFor } from "@/lib/exporters/registry";
import type { Deps } from "./deps";

/**
 * Has the folder of a dataset written to a file by a worker; asked again, it is the same file.
 * @throws AppError not_found, invalid_input for an unknown format, internal when the data folder cannot be written to
 */
export async function prepareExport(
  { store, queue }: Pick<Deps, "store" | "queue">,
  personId: number,
  { datasetId, format }: { datasetId: number; format: string },
): Promise<DatasetExportRow> {
  const exporter = exporterFor(format);
  const dataset = await store.datasets.get(datasetId);
  const card = DatasetCard.parse(dataset.card);
  const fileName = `${folderNameOf({ exporter, dataset: { ...dataset, card } })}.zip`;
  const folder = await nameFolder(exportsFolder());
  const wanted = { datasetId, format, version, folder, fileName, personId };
  let row = await store.exports.ask(wanted);
  if (row.state === "done" && !(await isThere(store, row))) {
    await store.exports.withdraw(row.exportId, "queued");
    row = await store.exports.get(row.exportId);
  }
  if (isExportOpen(row.state)) await queue.send("prepare-export", { exportId: row.exportId });
  return row;
}

async function isThere(store: Deps["store"], { exportId, bytes }: DatasetExportRow): Promise<boolean> {
  return isPrepared(exportsFolder(), await store.exports.fileId(exportId), bytes);
}

const gone = {
  code: "not_found",
  message: "its file is no longer in the data folder",
  fix: "prepare it again",
};

/** An export as it is: one whose file somebody took away has failed, whatever its row says. */
async function asItIs(store: Deps["store"], row: DatasetExportRow): Promise<DatasetExportRow> {
  if (row.state !== "done" || (await isThere(store, row))) return row;
  return { ...row, state: "failed", sha256: null, expiresAt: null, error: gone };
}

/** The prepared exports of a dataset, newest first. @throws AppError not_found */
export async function datasetExports(
  { store }: Pick<Deps, "store">,
  datasetId: number,
): Promise<DatasetExportRow[]> {
  await store.datasets.get(datasetId);
  const folder = await folderName(exportsFolder());
  if (folder === null) return [];
  const rows = await store.exports.list(datasetId, folder);
  return Promise.all(rows.map((row) => asItIs(store, row)));
}

/** One of them. @throws AppError not_found */
export async function datasetExport(
  { store }: Pick<Deps, "store">,
  exportId: number,
): Promise<DatasetExportRow> {
  return asItIs(store, await store.exports.get(exportId));
}

/** Ends one that is not over; what is written of it goes. @throws AppError conflict when it is over */
export async function cancelExport(
  { store }: Pick<Deps, "store">,
  exportId: number,
): Promise<DatasetExportRow> {
  const cancelled = await store.exports.cancel(exportId);
  const row = await store.exports.get(exportId);
  if (!cancelled)
    throw new AppError("conflict", `export ${exportId} is over`, { fix: "remove it, or leave it to expire" });
  return row;
}

/** Removes one that is over, and its file. @throws AppError conflict while it is open */
export async function removeExport({ store }: Pick<Deps, "store">, exportId: number): Promise<void> {
  if (await removePrepared(store.exports, exportsFolder(), exportId)) return;
  throw new AppError("conflict", `export ${exportId} is being written`, { fix: "cancel it first" });
}

/** A prepared file to be read, and what is known of it. Whoever gets it closes it. */
type PreparedFile = { fileName: string; bytes: number; sha256: string; open(): Promise<FileHandle> };

/**
 * The file of an export that is done. It is kept longer for having been asked for.
 * @param datasetId whose it must be, where that is said
 * @throws AppError not_found when there is no such export or its file is gone, conflict while it is not done
 */
export async function preparedExport(
  { store }: Pick<Deps, "store">,
  exportId: number,
  datasetId?: number,
): Promise<PreparedFile> {
  const row = await datasetExport({ store }, exportId);
  if (datasetId !== undefined && row.datasetId !== datasetId)
    throw new AppError("not_found", `dataset ${datasetId} has no export ${exportId}`);
  const { fileName, bytes, sha256, state, error } = row;
  if (sha256 === null) {
    const why = error === null ? `it is ${state}` : error.message;
    const fix = error === null ? "wait until it is done" : (error.fix ?? "prepare it again");
    throw new AppError(error === gone ? "not_found" : "conflict", `export ${exportId}: ${why}`, { fix });
  }
  await store.exports.keep(exportId, EXPORT_KEPT_MS);
  const open = async () => {
    const file = await openPrepared(exportsFolder(), await store.exports.fileId(exportId), bytes);
    if (file) return file;
    throw new AppError("not_found", `export ${exportId}: ${gone.message}`, { fix: gone.fix });
  };
  return { fileName, bytes, sha256, open };
}
