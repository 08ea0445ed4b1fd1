import "server-only";
import { exportDataset } from "@/lib/usecases/datasets";
import { deps } from "./deps";

export { exportFormats } from "@/lib/usecases/datasets";

/**
 * A dataset as a stream of bytes, pulled batch by batch, so that a slow reader holds nothing in memory.
 * @throws AppError not_found, invalid_input for an unknown format
 */
export async function openExport(datasetId: number, format: string, part: "rows" | "provenance") {
  const { dataset, fileName, lines } = await exportDataset(deps(), datasetId, format, part);
  const iterator = lines[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await iterator.return?.();
    },
  });
  return { body, fileName: `${dataset.name}.${fileName}` };
}
