import { AppError } from "@/lib/core/errors";
import { splitRecords } from "./record-stream";
import { wholeLimit, type RawRecord } from "./raw-record";
import { isRecord } from "./sharegpt";
import { spooled, type Spooled } from "./spool";
import { memberBytes, membersOf, type Member } from "./zip-directory";

const decoder = new TextDecoder();
const readable = /\.(jsonl?|ndjson|traj)$/i;
const encoder = new TextEncoder();

/** An Inspect log keeps a sample per file, and what is said of all of them in files of their own. */
const inspectSample = /^samples\/[^/]+\.json$/;
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

async function* samplesOf(file: Spooled, members: Member[]): AsyncGenerator<RawRecord> {
  const header = await inspectHeader(file, members);
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

/** What an archive holds of JSONL and JSON, file by file; other files are not looked at. */
async function* filesOf(file: Spooled, members: Member[]): AsyncGenerator<RawRecord> {
  let line = 0;
  for (const member of members.filter(({ name }) => readable.test(name))) {
    try {
      for await (const raw of splitRecords(memberBytes(file, member))) {
        line += 1;
        yield { ...raw, line, place: `${member.name}, line ${raw.line}` };
      }
    } catch (error) {
      yield refused((line += 1), member, error);
    }
  }
}

/**
 * The records of a ZIP archive: those of every JSONL and JSON file in it, or the samples of an Inspect log. `line` counts
 * records, `byteOffset` is that within the file of the archive, `place` names it. No name in the archive is ever used as
 * a path.
 * @throws AppError invalid_input for an archive that is damaged or too large
 */
export function zipRecords(stream: AsyncIterable<Uint8Array>): AsyncGenerator<RawRecord> {
  return spooled(stream, "ZIP archive", async function* (file) {
    const members = await membersOf(file);
    const inspect = members.some(({ name }) => inspectSample.test(name));
    const known = inspect && members.some(({ name }) => inspectHeaders.includes(name));
    yield* known ? samplesOf(file, members) : filesOf(file, members);
  });
}
