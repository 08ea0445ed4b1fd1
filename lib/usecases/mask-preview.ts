import { datasetSplits, type DatasetSplit } from "@/lib/core/dataset-split";
import type { ExamplePart } from "@/lib/core/dataset-store";
import type { Exporter } from "@/lib/core/ports";
import { countRow, maskedRow, noMaskCounts, type MaskCounts, type MaskedRow } from "@/lib/core/mask";
import { exporterFor, exporters } from "@/lib/exporters/registry";
import { exportRows } from "@/lib/exporters/rows";
import { datasetPart } from "./dataset-part";
import type { Deps } from "./deps";

/** Examples of a split a count looks at: enough for any dataset people look at, little enough to answer in seconds. */
const COUNTED = 20_000;

/** What a person chooses a mask by. */
export type MaskFormat = Pick<Exporter, "format" | "title" | "shape" | "mask" | "truncation">;
export type PreviewedRow = MaskedRow & { exampleIndex: number; split: DatasetSplit; subtaskKey: string };

const hasMask = ({ shape }: Pick<Exporter, "shape">) => shape === "masked" || shape === "exploded";

/** The formats that train chosen turns of a conversation. */
export function maskFormats(): MaskFormat[] {
  return Object.values<Exporter>(exporters)
    .filter(hasMask)
    .map(({ format, title, shape, mask, truncation }) => ({ format, title, shape, mask, truncation }));
}

/**
 * Rows of some examples exactly as a format writes them: what is trained, what is context, which stop tokens carry the
 * loss, and what the trainer's default length would cut.
 * @returns `next` is the index of the example to go on from; null at the end
 * @throws AppError not_found, invalid_input for an unknown format
 */
export async function previewMask(
  { store }: Pick<Deps, "store">,
  datasetId: number,
  { format, ...part }: { format: string } & ExamplePart,
): Promise<{ rows: PreviewedRow[]; next: number | null }> {
  const exporter = exporterFor(format);
  const { rows: given, next } = await datasetPart({ store }, datasetId, part);
  const rows = given.flatMap(({ example: each, exampleIndex, split }) => {
    const { example, rows: written } = exportRows(exporter, each);
    return written.map((row) => ({
      ...maskedRow(exporter, example, row),
      ...{ exampleIndex, split, subtaskKey: example.subtaskKey },
    }));
  });
  return { rows, next };
}

/**
 * What a whole dataset trains in a format, and what it holds out, over the first 20,000 examples of each split.
 * @throws AppError not_found, invalid_input for an unknown format
 */
export async function countMask(
  { store }: Pick<Deps, "store">,
  datasetId: number,
  format: string,
): Promise<Record<DatasetSplit, MaskCounts>> {
  const exporter = exporterFor(format);
  const counts = { train: noMaskCounts(), validation: noMaskCounts() };
  for (const split of datasetSplits)
    for await (const each of store.datasets.stream(datasetId, split)) {
      if (counts[split].examples === COUNTED) break;
      counts[split].examples += 1;
      const { example, rows } = exportRows(exporter, each);
      for (const row of rows) countRow(counts[split], maskedRow(exporter, example, row), exporter.truncation);
    }
  return counts;
}
