import { AppError } from "@/lib/core/errors";
import { saidOfTrial, trialFileOf } from "./harbor-trial";
import { besideOf, demandConversations, isSidecar, mayBeSidecar, provenanceOf } from "./kit-files";
import { parquetRecords } from "./parquet";
import { parseJson } from "./record-value";
import { splitRecords } from "./record-stream";
import { wholeLimit, type RawRecord } from "./raw-record";
import { isRecord } from "./sharegpt";
import { spooled, type Spooled } from "./spool";
import { memberBytes, membersOf, type Member } from "./zip-directory";

/** A file of an archive that is not read, and why, in words. */
export type SkippedFile = { file: string; why: string };
/** Told of each file of an archive that is not read. */
export type Skipped = (skipped: SkippedFile) => void;

const decoder = new TextDecoder();
const readable = /\.(jsonl?|ndjson|traj|parquet)$/i;
const packed = /\.(zip|gz|zst|tar|tgz|bz2|xz|7z|eval)$/i;
const encoder = new TextEncoder();

/** An Inspect log keeps a sample per file, named by its id whatever that holds, and what is said of all elsewhere. */
const inspectSample = /^samples\/.+\.json$/s;
const inspectHeaders = ["header.json", "_journal/start.json"];

async function whole(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of bytes) {
    size += part.length;
    if (size > wholeLimit) throw new AppError("invalid_input", `it is larger than ${wholeLimit} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

async function inspectHeader(file: Spooled, members: Member[]): Promise<Record<string, unknown>> {
  for (const name of inspectHeaders) {
    const member = members.find((each) => each.name === name);
    if (member === undefined) continue;
    try {
      const header: unknown = JSON.parse(decoder.decode(await whole(memberBytes(file, member))));
      if (isRecord(header)) return { eval: header.eval };
    } catch {
      // A log that was cut off has no header; its samples are read all the same.
    }
  }
  return {};
}

/** A member that cannot be read is one bad record. */
function refused(line: number, { name }: Member, error: unknown): RawRecord {
  if (!(error instanceof AppError)) throw error;
  const said = { line, byteOffset: 0, problem: error.message, last: false, place: name };
  return { ...said, bytes: encoder.encode(name) };
}

async function* samplesOf(file: Spooled, members: Member[], skipped: Skipped): AsyncGenerator<RawRecord> {
  const header = await inspectHeader(file, members);
  for (const { name } of members)
    if (!name.endsWith("/") && !inspectSample.test(name) && !inspectHeaders.includes(name))
      skipped({ file: name, why: "it is no sample of the Inspect log" });
  let line = 0;
  for (const member of members.filter(({ name }) => inspectSample.test(name))) {
    line += 1;
    try {
      const bytes = await whole(memberBytes(file, member));
      yield { line, byteOffset: 0, bytes, problem: null, last: false, place: member.name, header };
    } catch (error) {
      yield refused(line, member, error);
    }
  }
}

const isParquet = /\.parquet$/i;

/** The records of one file of an archive. */
const recordsOf = (file: Spooled, member: Member): AsyncGenerator<RawRecord> =>
  (isParquet.test(member.name) ? parquetRecords : splitRecords)(memberBytes(file, member));

/** The first record of a file of an archive; undefined where it has none that can be read. */
async function firstOf(file: Spooled, member: Member): Promise<unknown> {
  try {
    for await (const raw of recordsOf(file, member)) {
      const parsed = parseJson(raw);
      return parsed.ok ? parsed.value : undefined;
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
  return undefined;
}

/** Why a file is not read, told by its name and its first record; null where it holds data. */
function whySkipped(name: string, first: unknown): string | null {
  if (packed.test(name)) return "an archive within an archive: send it by itself";
  if (!readable.test(name)) return "its name ends in none of .jsonl, .json, .ndjson, .traj and .parquet";
  return isSidecar(name, first) ? "it stands beside the data and holds no episode of its own" : null;
}

/** The files that hold data, in order; of the others `skipped` is told. */
async function dataOf(file: Spooled, members: Member[], skipped: Skipped): Promise<Member[]> {
  const data: Member[] = [];
  for (const member of members) {
    const { name } = member;
    if (name.endsWith("/")) continue;
    const first = mayBeSidecar(name) ? await firstOf(file, member) : undefined;
    demandConversations(name, first);
    const why = whySkipped(name, first);
    if (why === null) data.push(member);
    else skipped({ file: name, why });
  }
  return data;
}

/** Answers what the sidecar of a data file says of a line; lines are asked for in order. */
function provenanceIn(file: Spooled, members: Member[], { name }: Member) {
  const sidecar = members.find((member) => member.name === provenanceOf(name));
  const lines = sidecar === undefined ? null : recordsOf(file, sidecar);
  let at: ReturnType<typeof besideOf> = null;
  return {
    async of(line: number): Promise<Pick<RawRecord, "beside">> {
      while (lines !== null && (at?.line ?? 0) < line) {
        const next = await lines.next();
        if (next.done) return {};
        const parsed = parseJson(next.value);
        at = parsed.ok ? (besideOf(parsed.value) ?? at) : at;
      }
      return at?.line === line ? { beside: at.said } : {};
    },
    close: async () => lines?.return(undefined),
  };
}

/** What Harbor says of the trial that a file is the trajectory of. */
async function trialOf(
  file: Spooled,
  members: Member[],
  { name }: Member,
): Promise<Pick<RawRecord, "beside">> {
  const beside = members.find((member) => member.name === trialFileOf(name));
  const said = beside === undefined ? null : saidOfTrial(await firstOf(file, beside));
  return said === null ? {} : { beside: said };
}

/** What an archive holds of JSONL, JSON and Parquet, file by file. */
async function* filesOf(file: Spooled, members: Member[], skipped: Skipped): AsyncGenerator<RawRecord> {
  let line = 0;
  for (const member of await dataOf(file, members, skipped)) {
    const provenance = provenanceIn(file, members, member);
    const trial = await trialOf(file, members, member);
    try {
      for await (const raw of recordsOf(file, member)) {
        line += 1;
        const place = `${member.name}, ${isParquet.test(member.name) ? "row" : "line"} ${raw.line}`;
        yield { ...raw, line, place, ...trial, ...(await provenance.of(raw.line)) };
      }
    } catch (error) {
      yield refused((line += 1), member, error);
    } finally {
      await provenance.close();
    }
  }
}

/**
 * The records of a ZIP archive: those of every JSONL, JSON and Parquet file in it, or the samples of an Inspect log.
 * `line` counts records, `byteOffset` is that within the file of the archive, `place` names it. No name in the archive is
 * ever used as a path.
 * @param skipped told of each file that is not read, as the sidecars of our own downloads
 * @throws AppError invalid_input for an archive that is damaged or too large
 */
export function zipRecords(
  stream: AsyncIterable<Uint8Array>,
  skipped: Skipped = () => undefined,
): AsyncGenerator<RawRecord> {
  return spooled(stream, "ZIP archive", async function* (file) {
    const members = await membersOf(file);
    const inspect = members.some(({ name }) => inspectSample.test(name));
    const known = inspect && members.some(({ name }) => inspectHeaders.includes(name));
    yield* known ? samplesOf(file, members, skipped) : filesOf(file, members, skipped);
  });
}
