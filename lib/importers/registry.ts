import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { Importer, ImportDefaults, ImportRecord } from "@/lib/core/ports";
import { TrajectoryDraft } from "@/lib/core/trajectory";
import { adp } from "./adp";
import { agentinstruct } from "./agentinstruct";
import { agenttraj } from "./agenttraj";
import { atif, atifWithin } from "./atif";
import { recordsIn } from "./container";
import { episodes } from "./episodes";
import { eto } from "./eto";
import { markIn } from "./exact-integers";
import { inspect, inspectWithin } from "./inspect";
import { maskIn } from "./masks";
import { llamaFactory } from "./llama-factory";
import { miniSweAgent } from "./mini-swe-agent";
import { native } from "./native";
import { openai } from "./openai";
import { otel } from "./otel";
import type { RawRecord } from "./raw-record";
import { parseJson, rejection, shaped, unstorable } from "./record-value";
import { isRecord } from "./sharegpt";
import { SpanGroups } from "./span-groups";
import { sweAgent } from "./swe-agent";
import { sweTrajectories } from "./swe-trajectories";
import { tau2, tau2Within } from "./tau2";
import { tauBench } from "./tau-bench";
import type { Skipped } from "./zip";

/** Every format that can be imported, the most telling first: the first that recognises a record reads it. */
export const importers = [
  native,
  atif,
  tauBench,
  tau2,
  inspect,
  miniSweAgent,
  sweAgent,
  sweTrajectories,
  adp,
  agenttraj,
  llamaFactory,
  eto,
  agentinstruct,
  otel,
  openai,
  episodes,
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
  const advice = adviceOn(record);
  throw new AppError(
    "invalid_input",
    `no known format: it has ${found}`,
    advice === null ? {} : { fix: advice },
  );
}

/** What to do about records that are nearly of a known format. */
function adviceOn(record: unknown): string | null {
  if (!isRecord(record)) return null;
  if (typeof record.role === "string" && "content" in record)
    return "this is one message: write the messages of an episode as a list under “messages”, one object per episode";
  const items = [record.input, record.output].find((list) => Array.isArray(list));
  if (record.object === "response" || typeof record.type === "string" || items !== undefined)
    return "items of the Responses API are not read: write the conversation as chat messages under “messages”";
  return null;
}

/** Names are keys in a database: they are short. */
const Named = TrajectoryDraft.extend({
  environment: z.string().min(1).max(100),
  subtaskKey: z.string().min(1).max(400),
  model: z.string().max(200).nullable(),
  externalId: z.string().max(400).nullable(),
});

type Reading = { importer: Importer | null; defaults: ImportDefaults; exact?: boolean };

function readValue(raw: RawRecord, value: unknown, { importer, defaults, exact }: Reading): ImportRecord {
  const flaw = unstorable(value);
  if (flaw !== null) return rejection(raw, flaw);
  try {
    const chosen = importer ?? importerOf(value);
    const draft = shaped(Named, chosen.read(withBeside(value, raw), defaults));
    // Where a format has no way to keep the digits, nothing is stored that was not said.
    const rounded = exact ? markIn(draft) : null;
    if (rounded !== null) return rejection(raw, `${rounded}: an integer larger than a number can hold`);
    return { ok: true, line: raw.line, format: chosen.format, draft, mask: maskIn(value) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return rejection(raw, error.fix === undefined ? error.message : `${error.message}; ${error.fix}`);
  }
}

const withBeside = (value: unknown, { beside }: RawRecord) =>
  beside !== undefined && isRecord(value) ? { ...beside, ...value } : value;

/** Some records hold several: the samples of a log, the helpers of an agent. */
function within(value: unknown, raw: RawRecord): unknown[] | null {
  return inspectWithin(value, raw.header) ?? atifWithin(value) ?? tau2Within(value);
}

function* readRaw(raw: RawRecord, given: Reading, groups: SpanGroups): Generator<ImportRecord> {
  const parsed = parseJson(raw);
  if (!parsed.ok) return yield rejection(raw, parsed.reason);
  const reading = { ...given, exact: parsed.exact };
  const several = within(parsed.value, raw);
  if (several !== null) {
    for (const [index, value] of several.entries())
      yield readValue(several.length === 1 ? raw : numbered(raw, index, several.length), value, reading);
    return;
  }
  const spans = reading.importer === null || reading.importer === otel;
  const gathered = spans ? groups.take(parsed.value, raw) : "other";
  if (gathered === "full") yield rejection(raw, "more spans in one file than can be held; split it by trace");
  if (gathered === "other") yield readValue(raw, parsed.value, reading);
}

function numbered(raw: RawRecord, index: number, all: number): RawRecord {
  const which = `record ${index + 1} of ${all}`;
  const place = raw.place === undefined ? which : `${raw.place}, ${which}`;
  // What a sidecar says is said of the first: the others are the helpers it started.
  const { beside, ...rest } = raw;
  return { ...rest, place, ...(index === 0 && beside !== undefined ? { beside } : {}) };
}

/**
 * Reads a file of trajectories of any kind (see `recordsIn`), one record at a time. A bad record becomes an entry with
 * its place and reason and never ends the reading. Without `format` each record is read by the first format that
 * recognises it. Spans are read to the end of the file before the first conversation of them is known.
 * @param seen told each record as it lies in the file, before what is read of it
 * @param skipped told of each file of an archive that is not read, and why
 * @throws AppError invalid_input for a `format` there is none of, or an archive that cannot be read at all
 */
export async function* readRecords(
  stream: AsyncIterable<Uint8Array>,
  options: {
    format?: string;
    defaults: ImportDefaults;
    seen?: (raw: RawRecord) => void;
    skipped?: Skipped;
  },
): AsyncGenerator<ImportRecord> {
  const importer = options.format === undefined ? null : importerFor(options.format);
  const reading = { importer, defaults: options.defaults };
  const groups = new SpanGroups();
  for await (const raw of recordsIn(stream, options.skipped)) {
    options.seen?.(raw);
    yield* readRaw(raw, reading, groups);
  }
  for (const { raw, value } of groups.conversations())
    yield readValue(raw, value, { ...reading, exact: true });
}
