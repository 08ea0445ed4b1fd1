import { AppError } from "@/lib/core/errors";
import { isSpace, Lines, newline, wholeLimit, type RawRecord } from "./raw-record";

const quote = 0x22;
const backslash = 0x5c;
const opening = new Set([0x5b, 0x7b]);
const closing = new Set([0x5d, 0x7d]);
const decoder = new TextDecoder();

/**
 * Reads a file that begins with an object: one object per line, or objects that go over many lines. Which of both is
 * known where the first object ends; until then its bytes are held, so that a broken first line costs no good one after
 * it.
 */
export class Objects {
  private held = new Uint8Array(0);
  private length = 0;
  private at = 0;
  private lineStart = 0;
  private depth = 0;
  private inString = false;
  private escaped = false;
  /** Whole objects on a line of their own inside what may be one object: a sign that it is none. */
  private ownLines = 0;
  private line = 1;
  private startLine = 1;
  private lines: Lines | null = null;

  constructor(
    private offset: number,
    private readonly limit: number,
  ) {}

  *push(chunk: Uint8Array): Generator<RawRecord> {
    if (this.lines) return yield* this.lines.push(chunk);
    this.hold(chunk);
    while (this.at < this.length) {
      const end = this.scan();
      if (end === "lines") return yield* this.asLines();
      if (end === null) break;
      if (!this.isWhole()) return yield* this.asLines();
      yield* this.record({ problem: null, last: false });
      // What follows an object over many lines may be the next one; anything else is read as lines.
      const next = this.bytes().find((byte) => !isSpace(byte));
      if (next !== undefined && next !== 0x7b) return yield* this.asLines();
    }
    const held = this.line === this.startLine ? this.limit : wholeLimit;
    if (this.length > held) yield* this.tooLarge();
  }

  *end(): Generator<RawRecord> {
    if (this.lines) return yield* this.lines.end();
    if (this.bytes().every(isSpace)) return;
    const overLines = this.line > this.startLine;
    if (!overLines || this.ownLines > 0) {
      yield* this.asLines();
      return yield* this.ended();
    }
    this.at = this.length;
    yield* this.record({
      problem: "truncated: the file ends inside the object that begins here",
      last: true,
    });
  }

  private *ended(): Generator<RawRecord> {
    if (this.lines) yield* this.lines.end();
  }

  private bytes(): Uint8Array {
    return this.held.subarray(0, this.length);
  }

  private hold(chunk: Uint8Array): void {
    if (this.length + chunk.length > this.held.length) {
      const larger = new Uint8Array(Math.max(this.length + chunk.length, this.held.length * 2));
      larger.set(this.bytes());
      this.held = larger;
    }
    this.held.set(chunk, this.length);
    this.length += chunk.length;
  }

  /** Looks at what was not looked at yet: "end" behind an object over many lines, "lines" where it is none. */
  private scan(): "end" | "lines" | null {
    for (; this.at < this.length; this.at += 1) {
      const byte = this.held[this.at] ?? 0;
      if (byte === newline) {
        // No JSON string spans lines.
        if (this.inString || this.startsTwoLines()) return "lines";
      } else if (this.inString) {
        if (this.escaped) this.escaped = false;
        else if (byte === backslash) this.escaped = true;
        else if (byte === quote) this.inString = false;
      } else if (byte === quote) this.inString = true;
      else if (opening.has(byte)) this.depth += 1;
      else if (closing.has(byte) && (this.depth -= 1) <= 0) {
        if (this.line === this.startLine) return "lines";
        this.at += 1;
        return "end";
      }
    }
    return null;
  }

  /** At a line's end: whether two lines so far were objects by themselves. */
  private startsTwoLines(): boolean {
    if (this.depth > 0 && this.isOwnLine(this.held.subarray(this.lineStart, this.at))) this.ownLines += 1;
    this.lineStart = this.at + 1;
    if (this.depth > 0) this.line += 1;
    else if (this.bytes().subarray(0, this.at).every(isSpace)) this.skipLine();
    return this.ownLines >= 2;
  }

  /** A blank line before an object belongs to none. */
  private skipLine(): void {
    this.line += 1;
    this.startLine = this.line;
  }

  private isOwnLine(bytes: Uint8Array): boolean {
    if (bytes[0] !== 0x7b || this.line === this.startLine) return false;
    try {
      JSON.parse(decoder.decode(bytes));
      return true;
    } catch {
      return false;
    }
  }

  private isWhole(): boolean {
    if (this.ownLines === 0) return true;
    try {
      JSON.parse(decoder.decode(this.held.subarray(0, this.at)));
      return true;
    } catch {
      return false;
    }
  }

  private *record(how: { problem: string | null; last: boolean }): Generator<RawRecord> {
    const bytes = this.held.slice(0, this.at);
    const lead = bytes.findIndex((byte) => !isSpace(byte));
    yield { line: this.startLine, byteOffset: this.offset + Math.max(0, lead), bytes, ...how };
    this.held = this.held.slice(this.at, this.length);
    this.length = this.held.length;
    this.offset += this.at;
    this.at = 0;
    this.lineStart = 0;
    this.depth = 0;
    this.ownLines = 0;
    this.startLine = this.line;
  }

  private *asLines(): Generator<RawRecord> {
    this.lines = new Lines(this.offset, this.limit, this.startLine);
    yield* this.lines.push(this.bytes());
    this.held = new Uint8Array(0);
  }

  private *tooLarge(): Generator<RawRecord> {
    if (this.ownLines > 0 || this.line === this.startLine) return yield* this.asLines();
    throw new AppError("invalid_input", `the file is one JSON object larger than ${wholeLimit} bytes`, {
      fix: "write one JSON object per line",
    });
  }
}
