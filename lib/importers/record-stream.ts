import { Gathering, isSpace, Lines, newline, recordLimit, type RawRecord } from "./raw-record";
import { Objects } from "./whole-object";

export { recordLimit, type RawRecord } from "./raw-record";

const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** How far the first record may be from the start of the file before the file is read as lines. */
const headLimit = 64 * 1024;

/** Splits the elements of one top-level array; what follows the array is read as lines. */
class Elements {
  private readonly gathering: Gathering;
  private line = 1;
  private inString = false;
  private escaped = false;
  /** Opening brackets inside the element; `deep` counts those beyond what any valid record has. */
  private readonly open: number[] = [];
  private deep = 0;
  private rest: Lines | null = null;
  private started = false;

  constructor(
    private offset: number,
    private readonly limit: number,
  ) {
    this.gathering = new Gathering(limit);
  }

  *push(chunk: Uint8Array): Generator<RawRecord> {
    if (this.rest) return yield* this.rest.push(chunk);
    let start = this.started ? 0 : chunk.indexOf(openBracket) + 1;
    if (!this.started) this.gathering.begin(this.offset + start);
    this.started = true;
    for (let at = start; at < chunk.length; at += 1) {
      const boundary = this.look(chunk[at] ?? 0);
      if (boundary === null) continue;
      this.gathering.add(chunk.subarray(start, at));
      yield* this.flush(false);
      start = at + 1;
      this.gathering.begin(this.offset + start);
      if (boundary === "array") {
        this.rest = new Lines(this.offset + start, this.limit, this.line);
        return yield* this.rest.push(chunk.subarray(start));
      }
    }
    this.gathering.add(chunk.subarray(start));
    this.offset += chunk.length;
  }

  *end(): Generator<RawRecord> {
    if (this.rest) return yield* this.rest.end();
    yield* this.flush(true);
    const problem = "truncated: the file ends before the array is closed";
    this.gathering.begin(this.offset);
    yield this.gathering.record(this.line, { problem, last: true });
  }

  private *flush(last: boolean): Generator<RawRecord> {
    if (this.gathering.blank) return;
    yield this.gathering.record(this.line, { last });
    this.line += 1;
  }

  /** Reads one byte; answers what ends at it. */
  private look(byte: number): "element" | "array" | null {
    if (this.inString) {
      if (this.escaped) this.escaped = false;
      else if (byte === backslash) this.escaped = true;
      // No JSON string spans lines: an unclosed one must not swallow the rest of the file.
      else if (byte === quote || byte === newline) this.inString = false;
      return null;
    }
    if (byte === quote) this.inString = true;
    else if (byte === openBrace || byte === openBracket) this.descend(byte);
    else if (byte === closeBrace) this.ascend(openBrace);
    else if (byte === closeBracket) return this.ascend(openBracket) ? null : "array";
    else if (byte === comma && this.open.length === 0) return "element";
    return null;
  }

  private descend(bracket: number): void {
    if (this.open.length < 256) this.open.push(bracket);
    else this.deep += 1;
  }

  /** Closes the nearest `bracket` inside the element, and what was left open within it. */
  private ascend(bracket: number): boolean {
    if (this.deep > 0) {
      this.deep -= 1;
      return true;
    }
    const at = this.open.lastIndexOf(bracket);
    if (at === -1) return false;
    this.open.length = at;
    return true;
  }
}

const byteOrderMark = [0xef, 0xbb, 0xbf];

type Layout = { start: number; kind: "array" | "object" | "lines" };

/** Where the content starts and whether it is an array of records; null while too little has been read to say. */
function layout(head: Uint8Array, complete: boolean): Layout | null {
  const begun =
    head.length < byteOrderMark.length && head.every((byte, index) => byte === byteOrderMark[index]);
  if (begun && !complete) return null;
  const start = byteOrderMark.every((byte, index) => head[index] === byte) ? byteOrderMark.length : 0;
  let at = start;
  const next = () => {
    while (at < head.length && isSpace(head[at] ?? 0)) at += 1;
    return head[at];
  };
  const decided = complete || head.length >= headLimit;
  const first = next();
  if (first === undefined) return decided ? { start, kind: "lines" } : null;
  if (first === openBrace) return { start, kind: "object" };
  if (first !== openBracket) return { start, kind: "lines" };
  at += 1;
  const second = next();
  if (second === undefined) return decided ? { start, kind: "array" } : null;
  return { start, kind: second === openBrace || second === closeBracket ? "array" : "lines" };
}

interface Splitter {
  push(chunk: Uint8Array): Generator<RawRecord>;
  end(): Generator<RawRecord>;
}
const splitters = { array: Elements, object: Objects, lines: Lines } as const;

function concat(left: Uint8Array, right: Uint8Array): Uint8Array {
  const whole = new Uint8Array(left.length + right.length);
  whole.set(left);
  whole.set(right, left.length);
  return whole;
}

/**
 * Cuts a file into records without holding more than one: lines, the elements of a JSON array when the file starts
 * with one, or JSON objects over many lines. `line` is 1-based (line or element number), `byteOffset` counts from the
 * start of the file; blank lines are skipped.
 */
export async function* splitRecords(
  stream: AsyncIterable<Uint8Array>,
  limit = recordLimit,
): AsyncGenerator<RawRecord> {
  let head = new Uint8Array(0);
  let splitter: Splitter | null = null;
  const begin = (complete: boolean) => {
    const found = layout(head, complete);
    if (found === null) return null;
    return {
      splitter: new splitters[found.kind](found.start, limit),
      body: head.subarray(found.start),
    };
  };
  for await (const chunk of stream) {
    if (splitter) {
      yield* splitter.push(chunk);
      continue;
    }
    head = new Uint8Array(concat(head, chunk));
    const begun = begin(false);
    if (begun === null) continue;
    splitter = begun.splitter;
    yield* splitter.push(begun.body);
  }
  if (splitter === null) {
    const begun = begin(true);
    if (begun === null) return;
    splitter = begun.splitter;
    yield* splitter.push(begun.body);
  }
  yield* splitter.end();
}
