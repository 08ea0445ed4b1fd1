import type { Exporter } from "@/lib/core/ports";
import { countRow, maskedRow, noMaskCounts, type MaskCounts, type MaskedRow } from "@/lib/exporters/mask";
import { exporterFor, exporters } from "@/lib/exporters/registry";
import { exportRows } from "@/lib/exporters/rows";
import type { Deps } from "./deps";

/** Examples a count looks at: enough for any dataset people look at, little enough to answer in seconds. */
const COUNTED = 20_000;

/** What a person chooses a mask by. */
export type MaskFormat = Pick<Exporter, "format" | "title" | "shape" | "mask" | "truncation">;
export type PreviewedRow = MaskedRow & { exampleIndex: number; subtaskKey: string };

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
 * @throws AppError not_found, invalid_input for an unknown format
 */
export async function previewMask(
  { store }: Pick<Deps, "store">,
  datasetId: number,
  ask: { format: string; from: number; limit: number },
): Promise<PreviewedRow[]> {
  const exporter = exporterFor(ask.format);
  const examples = await store.datasets.examples(datasetId, ask.from, ask.limit);
  return examples.flatMap((each, index) => {
    const { example, rows } = exportRows(exporter, each);
    return rows.map((row) => ({
      ...maskedRow(exporter, example, row),
      exampleIndex: ask.from + index,
      subtaskKey: example.subtaskKey,
    }));
  });
}

/**
 * What a whole dataset trains in a format, over its first 20,000 examples.
 * @throws AppError not_found, invalid_input for an unknown format
 */
export async function countMask(
  { store }: Pick<Deps, "store">,
  datasetId: number,
  format: string,
): Promise<MaskCounts> {
  const exporter = exporterFor(format);
  const counts = noMaskCounts();
  for await (const each of store.datasets.stream(datasetId)) {
    if (counts.examples === COUNTED) break;
    counts.examples += 1;
    const { example, rows } = exportRows(exporter, each);
    for (const row of rows) countRow(counts, maskedRow(exporter, example, row), exporter.truncation);
  }
  return counts;
}
