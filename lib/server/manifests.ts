import "server-only";
import { datasetManifest } from "@/lib/usecases/dataset-manifest";
import { deps } from "./deps";

/** A dataset's manifest as a stream of bytes, pulled piece by piece. @throws AppError not_found */
export async function openManifest(datasetId: number) {
  const { dataset, pieces } = await datasetManifest(deps(), datasetId);
  const iterator = pieces[Symbol.asyncIterator]();
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
  return { body, fileName: `${dataset.name}.v${dataset.version}.manifest.json` };
}
