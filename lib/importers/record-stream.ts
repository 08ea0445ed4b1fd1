/** Largest record that is read; a longer one is reported and skipped. */
export const recordLimit = 16 * 1024 * 1024;

/**
 * One record as it lies in the file. `problem` says why its bytes are not all there; `last` that the file ends with it,
 * so that it may have been cut off.
 */
export type RawRecord = {
  line: number;
  byteOffset: number;
  bytes: Uint8Array;
  problem: string | null;
  last: boolean;
};

const newline = 0x0a;
const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const isSpace = (byte: number) => byte === 0x20 || byte === newline || byte === 0x0d || byte === 0x09;

/** What is kept of a record that is over the limit, for the report. */
const keptOfOversized = 1024;
/** How far the first record may be from the start of the file before the file is read as lines. */
const headLimit = 64 * 1024;

/** The bytes of one record while they arrive in chunks. */
class Gathering {
  private parts: Uint8Array[] = [];
  private size = 0;
  byteOffset = 0;

  constructor(private readonly limit: number) {}

  begin(byteOffset: number): void {
    this.parts = [];
    this.size = 0;
    this.byteOffset = byteOffset;
  }

  add(part: Uint8Array): void {
    const before = this.size;
    this.size += part.length;
    if (this.size <= this.limit) this.parts.push(part);
    else if (before <= this.limit) this.parts = [this.joined().slice(0, keptOfOversized)];
  }

  record(
    line: number,
    { problem = null, last = false }: { problem?: string | null; last?: boolean },
  ): RawRecord {
    const oversized = this.size > this.limit ? `larger than ${this.limit} bytes` : null;
    const bytes = this.joined();
    const lead = bytes.findIndex((byte) => !isSpace(byte));
    return {
      line,
      byteOffset: this.byteOffset + Math.max(0, lead),
      bytes,
      problem: oversized ?? problem,
      last,
    };
  }

  get blank(): boolean {
    return this.size <= this.limit && this.joined().every(isSpace);
  }

  private joined(): Uint8Array {
    if (this.parts.length === 1 && this.parts[0]) return this.parts[0];
    const whole = new Uint8Array(this.parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of this.parts) {
      whole.set(part, at);
      at += part.length;
    }
    this.parts = [whole];
    return whole;
  }
}

/** Splits at line ends. Lines are numbered from `line`. */
class Lines {
  private readonly gathering: Gathering;

  constructor(
    private offset: number,
    limit: number,
    private line = 1,
  ) {
    this.gathering = new Gathering(limit);
    this.gathering.begin(offset);
  }

  *push(chunk: Uint8Array): Generator<RawRecord> {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      this.gathering.add(chunk.subarray(start, end));
      yield* this.flush(false);
      start = end + 1;
      this.line += 1;
      this.gathering.begin(this.offset + start);
    }
    this.gathering.add(chunk.subarray(start));
    this.offset += chunk.length;
  }

  *end(): Generator<RawRecord> {
    yield* this.flush(true);
  }

  private *flush(last: boolean): Generator<RawRecord> {
    if (!this.gathering.blank) yield this.gathering.record(this.line, { last });
  }
}

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

/** Where the content starts and whether it is an array of records; null while too little has been read to say. */
function layout(head: Uint8Array, complete: boolean): { start: number; array: boolean } | null {
  const start = byteOrderMark.every((byte, index) => head[index] === byte) ? byteOrderMark.length : 0;
  let at = start;
  const next = () => {
    while (at < head.length && isSpace(head[at] ?? 0)) at += 1;
    return head[at];
  };
  const decided = complete || head.length >= headLimit;
  const first = next();
  if (first === undefined) return decided ? { start, array: false } : null;
  if (first !== openBracket) return { start, array: false };
  at += 1;
  const second = next();
  if (second === undefined) return decided ? { start, array: true } : null;
  return { start, array: second === openBrace || second === closeBracket };
}

function concat(left: Uint8Array, right: Uint8Array): Uint8Array {
  const whole = new Uint8Array(left.length + right.length);
  whole.set(left);
  whole.set(right, left.length);
  return whole;
}

/**
 * Cuts a file into records without holding more than one: lines, or the elements of a JSON array when the file starts
 * with one. `line` is 1-based (line or element number), `byteOffset` counts from the start of the file; blank lines are
 * skipped.
 */
export async function* splitRecords(
  stream: AsyncIterable<Uint8Array>,
  limit = recordLimit,
): AsyncGenerator<RawRecord> {
  let head = new Uint8Array(0);
  let splitter: Lines | Elements | null = null;
  const begin = (complete: boolean) => {
    const found = layout(head, complete);
    if (found === null) return null;
    return {
      splitter: new (found.array ? Elements : Lines)(found.start, limit),
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
