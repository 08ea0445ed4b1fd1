import fc from "fast-check";
import { expect, it } from "vitest";
import { lineBytes } from "@/lib/exporters/encode";

async function chunksOf(pieces: string[][]): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of lineBytes(pieces)) chunks.push(chunk);
  return chunks;
}

const line = fc
  .tuple(fc.string({ unit: "binary" }), fc.constantFrom("ä", "“", "😀", "a", "\ud800"), fc.nat(200_000))
  .map(([text, wide, times]) => `${text}${wide.repeat(times)}\n`);

it("are the lines in UTF-8, however long they are and wherever a chunk ends", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(line, { maxLength: 4 }), { maxLength: 4 }), async (pieces) => {
      const bytes = Buffer.concat(await chunksOf(pieces));
      expect(bytes.equals(Buffer.from(pieces.flat().join("")))).toBe(true);
    }),
    { numRuns: 50 },
  );
});

it("are each ended with what is given", async () => {
  const lines = ["a", "ä".repeat(100_000), "", "“b”"];
  const chunks: Uint8Array[] = [];
  for await (const chunk of lineBytes([lines], "\n")) chunks.push(chunk);
  expect(Buffer.concat(chunks).toString()).toBe(lines.map((each) => `${each}\n`).join(""));
});

it("come in chunks that are worth a step, and are never empty", async () => {
  const chunks = await chunksOf(Array.from({ length: 100 }, () => Array(100).fill("x".repeat(999) + "\n")));
  expect(chunks.every(({ byteLength }) => byteLength > 0)).toBe(true);
  expect(chunks.length).toBeLessThan(50);
});
