import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { Importer, ImportDefaults, ImportRecord } from "@/lib/core/ports";
import { TrajectoryDraft } from "@/lib/core/trajectory";
import { agentinstruct } from "./agentinstruct";
import { agenttraj } from "./agenttraj";
import { eto } from "./eto";
import { native } from "./native";
import { openai } from "./openai";
import { splitRecords, type RawRecord } from "./record-stream";
import { parseRecord, rejection, shaped } from "./record-value";
import { tauBench } from "./tau-bench";

/** Every format that can be imported, the most telling first: the first that recognises a record reads it. */
export const importers = [
  native,
  tauBench,
  agenttraj,
  eto,
  agentinstruct,
  openai,
] as const satisfies Importer[];

/** @throws AppError invalid_input naming the known formats */
function importerFor(format: string): Importer {
  const importer = importers.find((candidate) => candidate.format === format);
  if (importer) return importer;
  const known = importers.map((candidate) => candidate.format).join(", ");
  throw new AppError("invalid_input", `there is no import format “${format}”`, {
    fix: `use one of: ${known}`,
  });
}

function importerOf(record: unknown): Importer {
  const importer = importers.find((candidate) => candidate.recognises(record));
  if (importer) return importer;
  const keys =
    typeof record === "object" && record !== null ? Object.keys(record).slice(0, 8).join(", ") : "";
  const found = Array.isArray(record)
    ? "an array"
    : keys === ""
      ? "no keys"
      : `the keys ${keys.slice(0, 120)}`;
  throw new AppError("invalid_input", `no known format: it has ${found}`);
}

/** Names are keys in a database: they are short. */
const Named = TrajectoryDraft.extend({
  environment: z.string().min(1).max(100),
  subtaskKey: z.string().min(1).max(400),
  model: z.string().max(200).nullable(),
  externalId: z.string().max(400).nullable(),
});

function readRecord(raw: RawRecord, importer: Importer | null, defaults: ImportDefaults): ImportRecord {
  const parsed = parseRecord(raw);
  if (!parsed.ok) return rejection(raw, parsed.reason);
  try {
    const chosen = importer ?? importerOf(parsed.value);
    const draft = shaped(Named, chosen.read(parsed.value, defaults));
    return { ok: true, line: raw.line, format: chosen.format, draft };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return rejection(raw, error.fix === undefined ? error.message : `${error.message}; ${error.fix}`);
  }
}

/**
 * Reads a file of trajectories, JSONL or a JSON array, one record at a time. A bad record becomes an entry with its
 * place and reason and never ends the reading. Without `format` each record is read by the first format that
 * recognises it.
 * @throws AppError invalid_input for a `format` there is none of
 */
export async function* readRecords(
  stream: AsyncIterable<Uint8Array>,
  options: { format?: string; defaults: ImportDefaults },
): AsyncGenerator<ImportRecord> {
  const importer = options.format === undefined ? null : importerFor(options.format);
  for await (const raw of splitRecords(stream)) yield readRecord(raw, importer, options.defaults);
}
