import { rm } from "node:fs/promises";
import { EXPORT_KEPT_MS, type ExportClaim, type ExportProgress } from "@/lib/core/dataset-export";
import { AppError } from "@/lib/core/errors";
import type { Example } from "@/lib/core/example";
import type { Store } from "@/lib/core/store";
import { version } from "@/lib/core/version";
import { exportsFolder, exportsLimit } from "@/lib/config/env";
import {
  demandRoom,
  dropPart,
  folderName,
  placePrepared,
  preparedFile,
  writePrepared,
} from "@/lib/exporters/prepared";
import { exportZip } from "@/lib/usecases/exports";
import type { JobPayload } from "../definitions";
import { oneLine } from "../log";

export type ExportDeps = {
  store: Store;
  owner: string;
  leaseMs: number;
  log: (line: string) => void;
};

/** How often the row says how far it is, at least. */
const PROGRESS_MS = 1000;

/**
 * Writes one export to a file. Several workers may be told to: one claims it. One that died is begun anew, which gives the
 * same bytes; its half of a file is never given a name under which it could be downloaded.
 * @param signal fires when this process has to stop; the export is then given back at once
 */
export async function prepareExport(
  deps: ExportDeps,
  { exportId }: JobPayload<"prepare-export">,
  signal: AbortSignal,
): Promise<void> {
  const { store, owner, leaseMs, log } = deps;
  const folder = exportsFolder();
  const name = await folderName(folder);
  if (name === null) return;
  const claim = await store.exports.claim(exportId, { owner, leaseMs, version, folder: name });
  if (!claim) return;
  const { epoch } = claim;
  try {
    const bytes = await write(deps, claim, { folder, name }, signal);
    log(`export ${exportId}: ${claim.fileName}, ${bytes} bytes`);
  } catch (error) {
    await dropPart(folder, claim);
    if (error instanceof Lost) return log(`export ${exportId}: it was cancelled or taken over`);
    if (signal.aborted) return await store.exports.release(exportId, epoch);
    if (!(error instanceof AppError)) throw error;
    const { code, message, fix } = error;
    await store.exports.fail(exportId, epoch, { code, message, fix });
    log(`export ${exportId}: ${code}: ${oneLine(message)}`);
  }
}

/** It is not ours any more. */
class Lost extends Error {}

async function write(
  { store, leaseMs, log }: ExportDeps,
  claim: ExportClaim,
  { folder, name }: { folder: string; name: string },
  signal: AbortSignal,
): Promise<number> {
  const { exportId, epoch, datasetId, format } = claim;
  const written = { examples: 0, bytes: 0 };
  const stop = new AbortController();
  const look = async () => {
    if (!(await store.exports.report(exportId, epoch, written, leaseMs))) throw new Lost();
    await demandRoom(folder, await store.exports.bytes(name), exportsLimit());
  };
  let looking = false;
  const turn = () => {
    if (looking) return;
    looking = true;
    const trouble = (error: unknown) => {
      if (error instanceof Lost || error instanceof AppError) stop.abort(error);
      else log(`error: export ${exportId}: its lease was not renewed: ${oneLine(String(error))}`);
    };
    void look()
      .catch(trouble)
      .finally(() => (looking = false));
  };
  const timer = setInterval(turn, Math.min(PROGRESS_MS, leaseMs / 3));
  try {
    await look();
    const { body } = await exportZip({ store: counting(store, written) }, datasetId, format);
    const file = await writePrepared(folder, claim, body, {
      signal: AbortSignal.any([signal, stop.signal]),
      wrote: (bytes) => (written.bytes += bytes),
    });
    await look();
    await placePrepared(folder, claim);
    if (await store.exports.finish(exportId, epoch, { ...file, keptMs: EXPORT_KEPT_MS })) return file.bytes;
    await rm(preparedFile(folder, claim), { force: true });
    throw new Lost();
  } finally {
    clearInterval(timer);
  }
}

/** The same store; examples that are read of a dataset are counted. */
function counting(store: Store, written: ExportProgress): Store {
  const { datasets } = store;
  const batches = async function* (...of: Parameters<typeof datasets.batches>) {
    for await (const batch of datasets.batches(...of)) yield counted(batch);
  };
  function* counted(batch: Iterable<Example>): Generator<Example> {
    for (const example of batch) {
      yield example;
      written.examples += 1;
    }
  }
  return { ...store, datasets: { ...datasets, batches } };
}
