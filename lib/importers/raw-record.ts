/** Largest record that is read; a longer one is reported and skipped. */
export const recordLimit = 16 * 1024 * 1024;
/** Largest file that is one JSON object over many lines; it is held as a whole. */
export const wholeLimit = 64 * 1024 * 1024;

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
  /** Where in an archive it lies, in words; absent for a plain file. */
  place?: string;
  /** What the file says of all its records, beside them. */
  header?: Record<string, unknown>;
  /** What a sidecar says of this record; what the record says itself goes before. */
  beside?: Record<string, unknown>;
};

export const newline = 0x0a;
export const isSpace = (byte: number) => byte === 0x20 || byte === newline || byte === 0x0d || byte === 0x09;

/** What is kept of a record that is over the limit, for the report. */
const keptOfOversized = 1024;
/** The bytes of one record while they arrive in chunks. */
export class Gathering {
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
export class Lines {
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
