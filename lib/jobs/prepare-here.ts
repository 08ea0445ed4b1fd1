import { setTimeout as pause } from "node:timers/promises";
import { isExportOpen, type DatasetExportRow } from "@/lib/core/dataset-export";
import type { Store } from "@/lib/core/store";
import { prepareExport } from "./handlers/prepare-export";
import { LEASE_MS, LOOK_MS, ownerHere } from "./here";

/**
 * Writes an export in this process, beside any workers, until it is over or the signal fires.
 * @param log called with a line whenever it is further
 * @returns the export as it then is
 */
export async function prepareHere(
  { store }: { store: Store },
  exportId: number,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<DatasetExportRow> {
  const deps = { store, owner: ownerHere(), leaseMs: LEASE_MS, log };
  let last = "";
  const tell = async () => {
    const row = await store.exports.get(exportId);
    const line = `${row.state}: ${row.examples} of ${row.exampleCount} examples, ${row.bytes} bytes`;
    if (line !== last) log(line);
    last = line;
    return row;
  };
  const timer = setInterval(() => void tell().catch(() => undefined), LOOK_MS);
  try {
    for (;;) {
      await prepareExport(deps, { exportId }, signal);
      const row = await tell();
      if (!isExportOpen(row.state) || signal.aborted) return row;
      await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    clearInterval(timer);
  }
}
