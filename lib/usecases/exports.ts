import { DatasetCard } from "@/lib/core/dataset";
import { datasetSplits, type DatasetSplit } from "@/lib/core/dataset-split";
import { AppError } from "@/lib/core/errors";
import type { Example } from "@/lib/core/example";
import type { Exporter } from "@/lib/core/ports";
import type { DatasetRow } from "@/lib/core/rows";
import type { Store } from "@/lib/core/store";
import { version } from "@/lib/core/version";
import type { Pieces } from "@/lib/exporters/encode";
import {
  dataBytes,
  folderNameOf,
  kitFiles,
  linesOf,
  sidecarBytes,
  unrelated,
  type Given,
  type KitSource,
} from "@/lib/exporters/kit";
import { trainedIn } from "@/lib/exporters/path";
import { provenanceFileName } from "@/lib/exporters/provenance";
import { exporterFor, exporters } from "@/lib/exporters/registry";
import { alone } from "@/lib/exporters/rows";
import { zipOf, type FolderFile } from "@/lib/exporters/zip";
import type { Deps } from "./deps";
import { rendered } from "./examples";

export type { FolderFile };

/** What the picker says of one target. */
export type ExportChoice = Pick<
  Exporter,
  "format" | "title" | "family" | "shape" | "mask" | "truncation" | "command"
> & { fileName: string; hasSidecar: boolean };

/** The formats a dataset can be downloaded in, and how each keeps the mask. */
export const exportFormats = (): ExportChoice[] =>
  Object.values<Exporter>(exporters).map((exporter) => {
    const { format, title, family, shape, mask, truncation, command } = exporter;
    const hasSidecar = shape !== "table";
    return {
      format,
      title,
      family,
      shape,
      mask,
      truncation,
      command,
      fileName: exporter.dataFile("train"),
      hasSidecar,
    };
  });

const types: [string, string][] = [
  [".zip", "application/zip"],
  [".jsonl", "application/x-ndjson; charset=utf-8"],
  [".csv", "text/csv; charset=utf-8"],
  [".parquet", "application/vnd.apache.parquet"],
];

/** The media types that files of an export have, without their parameters. */
export const exportTypes = types.map(([, type]) => type.replace(/;.*/, ""));

/** The media type of a file of an export, by its name. */
export const exportType = (fileName: string): string =>
  types.find(([ending]) => fileName.endsWith(ending))?.[1] ?? "application/octet-stream";

/** A part of an export as bytes of one file. */
export const exportParts = ["rows", "provenance"] as const;
export type ExportPart = (typeof exportParts)[number];

/**
 * A dataset as a folder that trains what it says: data per split, sidecars, the trainer's files, card and checksums. Always
 * the same bytes; nothing is held of it but a batch.
 * @throws AppError not_found, invalid_input for an unknown format
 */
export async function exportKit(
  { store }: Pick<Deps, "store">,
  datasetId: number,
  format: string,
): Promise<{ dataset: DatasetRow; folder: string; files: AsyncIterable<FolderFile> }> {
  const { source, dataset } = await sourceOf(store, datasetId, format);
  return { dataset, folder: folderNameOf(source), files: kitFiles(source) };
}

/** The same folder as a zip. @throws AppError as `exportKit` */
export async function exportZip(deps: Pick<Deps, "store">, datasetId: number, format: string) {
  const { dataset, folder, files } = await exportKit(deps, datasetId, format);
  return { dataset, fileName: `${folder}.zip`, body: zipOf(folder, files) };
}

/**
 * One plain file of an export: the rows, or the sidecar that says where each comes from. Always the same bytes.
 * @param split both, one after the other, unless given
 * @throws AppError not_found, invalid_input for an unknown format, or where it has no sidecar
 */
export async function exportDataset(
  { store }: Pick<Deps, "store">,
  datasetId: number,
  format: string,
  part: ExportPart,
  split?: DatasetSplit,
): Promise<{ dataset: DatasetRow; fileName: string; bytes: AsyncIterable<Uint8Array> }> {
  const { source, dataset } = await sourceOf(store, datasetId, format);
  const { exporter } = source;
  if (part === "provenance" && exporter.shape === "table")
    throw new AppError("invalid_input", `“${exporter.title}” has no provenance file`, {
      fix: "it says of every row where it comes from: download the data",
    });
  const lines = linesOf(exporter, both(source, split));
  const dataFile = `${exporter.dataFile(split ?? "train")}${exporter.encoding.kind === "files" ? ".jsonl" : ""}`;
  if (part === "rows") return { dataset, fileName: dataFile, bytes: dataBytes(exporter, lines) };
  return { dataset, fileName: provenanceFileName(dataFile), bytes: sidecarBytes(lines) };
}

async function* both(
  { examples }: KitSource,
  split: DatasetSplit | undefined,
): AsyncGenerator<Iterable<Given>> {
  for (const each of split ? [split] : datasetSplits) yield* examples(each);
}

async function sourceOf(store: Store, datasetId: number, format: string) {
  const exporter = exporterFor(format);
  const dataset = await store.datasets.get(datasetId);
  const { name, contentHash, exampleCount } = dataset;
  const besideOf = (split: DatasetSplit) => async (trajectoryId: number) =>
    trainedIn(await store.datasets.ofSubtask(datasetId, split, trajectoryId));
  const examples = (split: DatasetSplit) => {
    if (split === "validation" && dataset.validationCount === 0) return nothing();
    const stored = store.datasets.batches(datasetId, split);
    return exporter.needs === "example"
      ? unrelated(stored)
      : related(store, exporter, stored, besideOf(split));
  };
  const card = DatasetCard.parse(dataset.card);
  const source: KitSource = {
    exporter,
    dataset: { datasetId, name, contentHash, exampleCount, card },
    version,
    examples,
  };
  return { source, dataset };
}

async function* nothing(): AsyncGenerator<Given[]> {}

/** Whether an action of it may be called bad: a cloned success has none. */
const mayBeBad = ({ kind }: Example): boolean => kind !== "bc";

/** Examples of one trajectory follow each other in a dataset: they are held together, and no more than they. */
async function* related(
  store: Store,
  { needs }: Exporter,
  batches: Pieces<Example>,
  trainedBeside: (trajectoryId: number) => Promise<ReturnType<typeof trainedIn>>,
): AsyncGenerator<Given[]> {
  const drivers = new Map((await store.environments.list()).map((row) => [row.environmentId, row.driver]));
  const together = async (siblings: Example[]): Promise<Given[]> => {
    const [first] = siblings;
    if (first === undefined) return [];
    const context = { ...alone(), siblings, trajectory: null };
    if (needs === "siblings") return siblings.map((example) => ({ example, context }));
    const { trajectoryId } = first.provenance;
    const trains = siblings.some(mayBeBad) ? await trainedBeside(trajectoryId) : context.trains;
    const stored = await store.trajectories.get(trajectoryId);
    const trajectory = rendered(stored, drivers.get(stored.environmentId) ?? null);
    return siblings.map((example) => ({ example, context: { ...context, trajectory, trains } }));
  };
  let siblings: Example[] = [];
  for await (const batch of batches)
    for (const example of batch) {
      if (siblings[0] && siblings[0].provenance.trajectoryId !== example.provenance.trajectoryId) {
        yield await together(siblings);
        siblings = [];
      }
      siblings.push(example);
    }
  yield await together(siblings);
}
