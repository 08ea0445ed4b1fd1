import { exportsFolder } from "@/lib/config/env";
import type { DatasetExportRow } from "@/lib/core/dataset-export";
import { AppError } from "@/lib/core/errors";
import { prepareHere } from "@/lib/jobs/prepare-here";
import {
  cancelExport,
  datasetExport,
  datasetExports,
  prepareExport,
  removeExport,
} from "@/lib/usecases/dataset-exports";
import type { Context } from "./commands";
import { progress, readArguments, required, say, wholeNumber } from "./terminal";

/** Writes the folder of a dataset to a file of the data folder, from which it is then downloaded. */
export async function prepare(
  { deps, person, terminal }: Context,
  wanted: { datasetId: number; format: string; wait: boolean },
): Promise<void> {
  const { exportId } = await prepareExport(deps, person.personId, wanted);
  progress(`export ${exportId}, in ${exportsFolder()}`);
  if (wanted.wait) await prepareHere(deps, exportId, terminal.signal, progress);
  const row = await datasetExport(deps, exportId);
  say(terminal, row, line(row));
  if (row.state === "failed") process.exitCode = 1;
}

/** The prepared exports of a dataset; one of them, ended or removed. */
export async function preparedExports(context: Context, args: string[]): Promise<void> {
  const { deps, terminal } = context;
  const { positionals } = readArguments(args, {});
  const [verb, which] = positionals;
  const id = () => required("EXPORT", wholeNumber("EXPORT", which));
  if (verb === "show" || verb === "cancel") {
    const row = verb === "show" ? await datasetExport(deps, id()) : await cancelExport(deps, id());
    return say(terminal, row, line(row));
  }
  if (verb === "remove") {
    const exportId = id();
    await removeExport(deps, exportId);
    return say(terminal, { exportId }, `export ${exportId} is removed`);
  }
  if (verb === undefined || !/^\d+$/.test(verb))
    throw new AppError("invalid_input", "exports takes a dataset, or show, cancel or remove and an export", {
      fix: "see npm run gleaner -- help",
    });
  const rows = await datasetExports(deps, required("DATASET", wholeNumber("DATASET", verb)));
  say(terminal, rows, rows.map(line).join("\n") || "nothing is prepared of it");
}

function line({ exportId, format, state, ...row }: DatasetExportRow): string {
  const { examples, exampleCount, bytes, sha256, expiresAt, fileName, error } = row;
  const head = `${exportId}  ${format}  ${state}`;
  if (error) return `${head}  ${error.message}${error.fix === null ? "" : `; ${error.fix}`}`;
  if (sha256 === null) return `${head}  ${examples} of ${exampleCount} examples, ${bytes} bytes`;
  return `${head}  ${fileName}  ${bytes} bytes  sha256 ${sha256}  until ${expiresAt?.toISOString() ?? "–"}`;
}
