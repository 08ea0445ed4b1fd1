import * as zlib from "node:zlib";

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = (sum & 1 ? 0xedb8_8320 : 0) ^ (sum >>> 1);
  return sum >>> 0;
});

/** CRC-32 of `bytes` after what `before` is the sum of, a byte at a time. */
export function slowCrc32(bytes: Uint8Array, before = 0): number {
  let sum = ~before;
  for (const byte of bytes) sum = (table[(sum ^ byte) & 255] ?? 0) ^ (sum >>> 8);
  return ~sum >>> 0;
}

/** Node has its own since 20.15 and 22.2. */
const own: typeof slowCrc32 | undefined = zlib.crc32;

/** CRC-32 of `bytes` after what `before` is the sum of: as zip and gzip mean it. */
export const crc32: typeof slowCrc32 = own ?? slowCrc32;
