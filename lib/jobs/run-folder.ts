import { mkdir, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { dataFolder } from "@/lib/config/env";
import { AppError } from "@/lib/core/errors";
import { splits, type Exporter, type Kit, type Split } from "@/lib/core/ports";
import type { Store } from "@/lib/core/store";
import type { TrainingFile, TrainingOrder } from "@/lib/core/trainer";
import type { TrainingRow } from "@/lib/core/training-store";
import { provenanceFileName, provenanceLine } from "@/lib/exporters/provenance";
import { exporterFor } from "@/lib/exporters/registry";
import { exportRows } from "@/lib/exporters/rows";

/** Characters written at once. */
const BATCH = 256_000;
/** Written last: a folder that has it is whole. */
const MANIFEST = "training.json";

/** Where the run folder of a training is. */
export const runFolderOf = ({ key }: Pick<TrainingRow, "key">): string =>
  path.resolve(dataFolder(), "trainings", key);

type Written = { split: Split; file: string; rows: number; bytes: number; longestRow: number };

const Manifest = z.object({
  files: z.array(
    z.object({
      split: z.enum(splits),
      file: z.string(),
      rows: z.number(),
      bytes: z.number(),
      longestRow: z.number(),
    }),
  ),
});

/**
 * Writes the run folder of a training: the dataset in a trainer's format, a file per split that has examples, the sidecars
 * that say where each row comes from, and the trainer's own files. Always the same bytes; one that is whole is left alone.
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
  demandTrainable(exporter);
  await mkdir(folder, { recursive: true });
  const whole = await manifestIn(folder);
  const files = whole ?? (await writeData(datasets, { training, exporter, folder, signal }));
  if (whole === null) await writeRest({ training, exporter, folder, files });
  const fileOf = (split: Split): TrainingFile | null => {
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

function demandTrainable({ encoding, needs, shape, title }: Exporter): void {
  if (encoding.kind === "jsonl" && needs === "example" && (shape === "masked" || shape === "exploded"))
    return;
  throw new AppError("invalid_input", `“${title}” cannot be trained on from a run folder`, {
    fix: "choose a format with one JSON object per line and a mask",
  });
}

async function manifestIn(folder: string): Promise<Written[] | null> {
  const text = await readFile(path.join(folder, MANIFEST), "utf8").catch(() => null);
  if (text === null) return null;
  const { files } = Manifest.parse(JSON.parse(text));
  const sizes = await Promise.all(
    files.map(({ file }) =>
      stat(path.join(folder, file)).then(
        (found) => found.size,
        () => -1,
      ),
    ),
  );
  return files.every(({ bytes }, i) => bytes === sizes[i]) ? files : null;
}

type Writing = { training: TrainingRow; exporter: Exporter; folder: string; signal: AbortSignal };

async function writeData(datasets: Store["datasets"], writing: Writing): Promise<Written[]> {
  const written: Written[] = [];
  for (const split of splits) {
    const one = await writeSplit(datasets, split, writing);
    if (one.rows > 0) written.push(one);
    else
      for (const file of [one.file, provenanceFileName(one.file)])
        await rm(path.join(writing.folder, file), { force: true });
  }
  return written;
}

async function writeSplit(
  datasets: Store["datasets"],
  split: Split,
  { training, exporter, folder, signal }: Writing,
): Promise<Written> {
  const file = exporter.dataFile(split);
  const data = await textFile(path.join(folder, file));
  const origin = await textFile(path.join(folder, provenanceFileName(file)));
  let [rows, longestRow] = [0, 0];
  try {
    for await (const each of datasets.stream(training.datasetId, split)) {
      signal.throwIfAborted();
      const made = exportRows(exporter, each);
      for (const row of made.rows) {
        const text = JSON.stringify(row.value);
        rows += 1;
        longestRow = Math.max(longestRow, text.length);
        await data.add(`${text}\n`);
        await origin.add(`${provenanceLine(made.example, row, rows)}\n`);
      }
    }
  } finally {
    await origin.close();
    await data.close();
  }
  return { split, file, rows, bytes: data.bytes(), longestRow };
}

async function textFile(file: string) {
  const handle = await open(file, "w");
  let waiting = "";
  let bytes = 0;
  const flush = async () => {
    bytes += Buffer.byteLength(waiting);
    await handle.appendFile(waiting);
    waiting = "";
  };
  return {
    bytes: () => bytes,
    async add(text: string) {
      waiting += text;
      if (waiting.length >= BATCH) await flush();
    },
    async close() {
      await flush();
      await handle.close();
    },
  };
}

/** The trainer's own files, and what is trained and how, for whatever runs in the folder. */
async function writeRest({
  training,
  exporter,
  folder,
  files,
}: Omit<Writing, "signal"> & { files: Written[] }) {
  const kit: Kit = {
    name: training.dataset.replace(/[^A-Za-z0-9._-]+/g, "-").slice(0, 80) || "dataset",
    splits: files.map(({ split, file, rows }) => ({ split, file, rows })),
    longestRow: Math.max(0, ...files.map((file) => file.longestRow)),
    hasTools: true,
  };
  for (const { path: name, text } of exporter.files(kit)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const { datasetId, dataset, contentHash, settings, key } = training;
  const manifest = {
    training: key,
    dataset: { datasetId, name: dataset, contentHash },
    format: exporter.format,
    mask: exporter.mask,
    settings,
    files,
  };
  const file = path.join(folder, MANIFEST);
  await writeFile(`${file}.new`, `${JSON.stringify(manifest, null, 2)}\n`);
  await rename(`${file}.new`, file);
}
