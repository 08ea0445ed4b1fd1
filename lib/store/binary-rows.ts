const BEGIN = 64 * 1024;
/** What one long row made of it is given back. */
const KEPT = 16 * 1024 * 1024;

/**
 * Rows in the binary format of COPY, written one after the other into a buffer that is used again and again.
 * Source: the manual of Postgres, COPY, "Binary Format".
 */
export class BinaryRows {
  private bytes = Buffer.allocUnsafe(BEGIN);
  private at = 0;

  /** Where the next byte is written. */
  get length(): number {
    return this.at;
  }

  /** Begins a row of so many fields. */
  row(fields: number): void {
    this.room(2);
    this.at = this.bytes.writeInt16BE(fields, this.at);
  }

  /** @returns where the number was written, for `patch` */
  int(value: number): number {
    this.room(8);
    this.bytes.writeInt32BE(4, this.at);
    this.at = this.bytes.writeInt32BE(value, this.at + 4);
    return this.at - 4;
  }

  /** Writes another number where `int` wrote one. */
  patch(at: number, value: number): void {
    this.bytes.writeInt32BE(value, at);
  }

  float(value: number | null): void {
    if (value === null) return this.nothing();
    this.room(12);
    this.bytes.writeInt32BE(8, this.at);
    this.at = this.bytes.writeDoubleBE(value, this.at + 4);
  }

  text(value: string | null): void {
    if (value === null) return this.nothing();
    const begin = this.field();
    this.utf8(value);
    this.ends(begin);
  }

  /** Begins a field that is written by hand, up to `ends`. */
  field(): number {
    this.room(4);
    this.at += 4;
    return this.at;
  }

  ends(begin: number): void {
    this.bytes.writeInt32BE(this.at - begin, begin - 4);
  }

  utf8(value: string): void {
    this.room(value.length * 3);
    this.at += this.bytes.write(value, this.at);
  }

  /** Room for so many bytes more; where it is, for those who write them by themselves, up to `upTo`. */
  space(size: number): { bytes: Buffer; at: number } {
    this.room(size);
    return { bytes: this.bytes, at: this.at };
  }

  upTo(at: number): void {
    this.at = at;
  }

  /** What was written from one place to another; it is written over after `clear`. */
  part(from: number, to: number): Buffer {
    return this.bytes.subarray(from, to);
  }

  clear(): void {
    this.at = 0;
    if (this.bytes.length > KEPT) this.bytes = Buffer.allocUnsafe(BEGIN);
  }

  private nothing(): void {
    this.room(4);
    this.at = this.bytes.writeInt32BE(-1, this.at);
  }

  private room(size: number): void {
    if (this.at + size <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.at + size));
    this.bytes.copy(larger, 0, 0, this.at);
    this.bytes = larger;
  }
}
