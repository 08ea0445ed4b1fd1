import { exportsFolder } from "@/lib/config/env";
import type { DatasetExportStore } from "@/lib/core/dataset-export";
import { dropLeftovers, folderName, removePrepared } from "@/lib/exporters/prepared";

/**
 * Removes the files of exports that were kept long enough, and what workers that are gone left behind.
 * @returns exports of this machine's folder that wait for a worker
 */
export async function sweepExports(exports: DatasetExportStore, most: number): Promise<number[]> {
  const folder = exportsFolder();
  const name = await folderName(folder);
  if (name === null) return [];
  for (const exportId of await exports.expired(name, most)) await removePrepared(exports, folder, exportId);
  await dropLeftovers(exports, folder);
  return exports.waiting(name, most);
}
