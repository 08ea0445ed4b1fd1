/**
 * The records of a zip whose files are stored as they are and whose sizes are known only after their bytes.
 * Source: APPNOTE.TXT 6.3.10, 4.3.7 to 4.3.16 and 4.5.3 (zip64).
 */

/** A file of the zip: where it begins, and what is known of it once its bytes were written. */
export type ZipEntry = { name: Buffer; offset: number; crc: number; size: number };

/** From here on a field of 32 or 16 bits says "see the zip64 record". */
const [MOST_32, MOST_16] = [0xffff_ffff, 0xffff];
const VERSION = 45;
const UNIX = 3 << 8;
/** A regular file, rw-rw-r--, in the upper half. */
const MODE = 0o100664 << 16;
/** Sizes follow the bytes (bit 3); names are UTF-8 (bit 11). */
const FLAGS = 0x0808;
/** What every file says of its age: 2000-01-01, fixed, so that the same folder gives the same bytes. */
const LONG_AGO = (20 << 9) | (1 << 5) | 1;

const isLong = (value: number) => value >= MOST_32;
const u16 = (value: number) => bytes(2, (buffer) => buffer.writeUInt16LE(Math.min(value, MOST_16)));
const u32 = (value: number) => bytes(4, (buffer) => buffer.writeUInt32LE(Math.min(value, MOST_32)));
const u64 = (value: number) => bytes(8, (buffer) => buffer.writeBigUInt64LE(BigInt(value)));

function bytes(length: number, write: (buffer: Buffer) => void): Buffer {
  const buffer = Buffer.alloc(length);
  write(buffer);
  return buffer;
}

/** Method 0: stored. */
const common = [u16(FLAGS), u16(0), u16(0), u16(LONG_AGO)];

/** What stands before a file's bytes. */
export const localHeader = ({ name }: ZipEntry): Buffer =>
  Buffer.concat([
    ...[u32(0x04034b50), u16(VERSION), ...common, u32(0), u32(0), u32(0)],
    ...[u16(name.length), u16(0), name],
  ]);

/** What follows a file's bytes. */
export function descriptor({ crc, size }: ZipEntry): Buffer {
  const sized = isLong(size) ? u64(size) : u32(size);
  return Buffer.concat([u32(0x08074b50), u32(crc), sized, sized]);
}

/** A file's line of the directory. */
export function centralEntry({ name, offset, crc, size }: ZipEntry): Buffer {
  const long = [...(isLong(size) ? [u64(size), u64(size)] : []), ...(isLong(offset) ? [u64(offset)] : [])];
  const extra = long.length === 0 ? [] : [u16(1), u16(8 * long.length), ...long];
  const extraLength = long.length === 0 ? 0 : 4 + 8 * long.length;
  return Buffer.concat([
    ...[u32(0x02014b50), u16(UNIX | VERSION), u16(VERSION), ...common, u32(crc), u32(size), u32(size)],
    ...[u16(name.length), u16(extraLength), u16(0), u16(0), u16(0), u32(MODE >>> 0), u32(offset)],
    ...[name, ...extra],
  ]);
}

/** What ends a zip: of how many files, and where its directory begins and how long it is. */
export function endOfZip(files: number, offset: number, length: number): Buffer {
  const isZip64 = files >= MOST_16 || isLong(offset) || isLong(length);
  const zip64 = [
    ...[u32(0x06064b50), u64(44), u16(UNIX | VERSION), u16(VERSION), u32(0), u32(0)],
    ...[u64(files), u64(files), u64(length), u64(offset)],
    ...[u32(0x07064b50), u32(0), u64(offset + length), u32(1)],
  ];
  return Buffer.concat([
    ...(isZip64 ? zip64 : []),
    ...[u32(0x06054b50), u16(0), u16(0), u16(files), u16(files), u32(length), u32(offset), u16(0)],
  ]);
}
