import { createWriteStream } from "node:fs";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { dataFolder } from "@/lib/config/env";
import { DatasetCard } from "@/lib/core/dataset";
import { datasetSplits, type DatasetSplit } from "@/lib/core/dataset-split";
import { AppError } from "@/lib/core/errors";
import type { Exporter } from "@/lib/core/ports";
import type { Store } from "@/lib/core/store";
import type { TrainingFile, TrainingOrder } from "@/lib/core/trainer";
import { isTrainable } from "@/lib/core/training";
import type { TrainingRow } from "@/lib/core/training-store";
import { version } from "@/lib/core/version";
import { kitFiles, unrelated } from "@/lib/exporters/kit";
import { exporterFor } from "@/lib/exporters/registry";

/** Written last: a folder that has it is whole. */
const ORDER = "training.json";

/** Where the run folder of a training is. */
export const runFolderOf = ({ key }: Pick<TrainingRow, "key">): string =>
  path.resolve(dataFolder(), "trainings", key);

const Split = z.object({ split: z.enum(datasetSplits), file: z.string(), rows: z.number() });
const Manifest = z.object({ splits: z.array(Split) });
const Order = z.object({ files: z.array(Split.extend({ bytes: z.number() })) });
type Data = z.infer<typeof Order>["files"][number];

/**
 * Writes the run folder of a training: the folder a person would download in that format, and `training.json`, which says
 * what is trained and how. Always the same bytes; one that is whole is left alone.
 * @throws AppError invalid_input for a format that no trainer reads from a folder
 */
export async function writeRunFolder(
  { datasets }: Pick<Store, "datasets">,
  training: TrainingRow,
  format: string,
  signal: AbortSignal,
): Promise<TrainingOrder> {
  const folder = runFolderOf(training);
  const exporter = exporterFor(format);
  if (!isTrainable(exporter))
    throw new AppError("invalid_input", `“${exporter.title}” cannot be trained on from a run folder`, {
      fix: "choose a format with one data file and a mask",
    });
  await mkdir(folder, { recursive: true });
  const files = (await wholeIn(folder)) ?? (await write(datasets, { training, exporter, folder, signal }));
  const fileOf = (split: DatasetSplit): TrainingFile | null => {
    const found = files.find((file) => file.split === split);
    if (!found) return null;
    const name = `gleaner-${training.key}-${found.file}`;
    return { name, path: path.join(folder, found.file), rows: found.rows, bytes: found.bytes };
  };
  const train = fileOf("train");
  if (train === null)
    throw new AppError("invalid_input", `dataset “${training.dataset}” has no example to train on`, {
      fix: "freeze one in which something is trained",
    });
  const { key, settings, dataset: name, contentHash } = training;
  return { key, settings, folder, dataset: { name, contentHash }, train, validation: fileOf("validation") };
}

const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => -1,
  );

async function wholeIn(folder: string): Promise<Data[] | null> {
  const text = await readFile(path.join(folder, ORDER), "utf8").catch(() => null);
  if (text === null) return null;
  const { files } = Order.parse(JSON.parse(text));
  const sizes = await Promise.all(files.map(({ file }) => sizeOf(path.join(folder, file))));
  return files.every(({ bytes }, i) => bytes === sizes[i]) ? files : null;
}

type Writing = { training: TrainingRow; exporter: Exporter; folder: string; signal: AbortSignal };

async function write(datasets: Store["datasets"], { training, exporter, folder, signal }: Writing) {
  const { datasetId, name, contentHash, exampleCount, card } = await datasets.get(training.datasetId);
  const kit = kitFiles({
    exporter,
    version,
    settings: training.settings,
    dataset: { datasetId, name, contentHash, exampleCount, card: DatasetCard.parse(card) },
    examples: (split) => unrelated(datasets.batches(datasetId, split)),
  });
  for await (const { path: inside, bytes } of kit) {
    const file = path.join(folder, inside);
    await mkdir(path.dirname(file), { recursive: true });
    await pipeline(Readable.from(bytes, { objectMode: true }), createWriteStream(file), { signal });
  }
  const { splits } = Manifest.parse(JSON.parse(await readFile(path.join(folder, "manifest.json"), "utf8")));
  const files = await Promise.all(
    splits.map(async (split) => ({ ...split, bytes: await sizeOf(path.join(folder, split.file)) })),
  );
  const { key, settings } = training;
  const dataset = { datasetId, name, contentHash };
  const order = { training: key, dataset, format: exporter.format, mask: exporter.mask, settings, files };
  const file = path.join(folder, ORDER);
  await writeFile(`${file}.new`, `${JSON.stringify(order, null, 2)}\n`);
  await rename(`${file}.new`, file);
  return files;
}
