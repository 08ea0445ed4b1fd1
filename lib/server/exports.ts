import "server-only";
import type { DatasetSplit } from "@/lib/core/dataset-split";
import { exportDataset, exportType, exportZip, type ExportPart } from "@/lib/usecases/exports";
import { deps } from "./deps";

export { exportFormats, exportParts } from "@/lib/usecases/exports";

/**
 * A dataset in one format as a zipped folder, pulled batch by batch, so that a slow reader holds nothing in memory.
 * @throws AppError not_found, invalid_input for an unknown format
 */
export async function openFolder(datasetId: number, format: string) {
  const { body, fileName } = await exportZip(deps(), datasetId, format);
  return { body, fileName, type: exportType(fileName) };
}

/** One plain file of it. @throws AppError as `openFolder` */
export async function openPart(datasetId: number, format: string, part: ExportPart, split?: DatasetSplit) {
  const { dataset, bytes, fileName } = await exportDataset(deps(), datasetId, format, part, split);
  const iterator = bytes[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
  return { body, fileName: `${dataset.name}.${format}.${fileName}`, type: exportType(fileName) };
}
