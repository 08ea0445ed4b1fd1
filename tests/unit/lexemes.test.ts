import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { saidIn, type Said } from "@/lib/core/words";
import { BinaryRows } from "@/lib/store/binary-rows";
import { Lexemes } from "@/lib/store/lexemes";

const lexemes = new Lexemes();

/** Words as they stand in a field of a `tsvector`, and that the field says rightly how long and how many they are. */
function written(steps: Said[]): string[] {
  const rows = new BinaryRows();
  lexemes.write(rows, steps);
  const bytes = rows.part(0, rows.length);
  expect(bytes.readInt32BE(0)).toBe(bytes.length - 4);
  const words = bytes.toString("utf8", 8).split("\0\0\0");
  expect(words.pop()).toBe("");
  expect(bytes.readInt32BE(4)).toBe(words.length);
  return words;
}

const step = (observation: string): Said => ({ action: "", thought: null, observation });
const inBytes = (words: string[]) => words.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

describe("the words of a trajectory as the database takes them", () => {
  it("are those that are searched, each once, and in its order nearly always", () => {
    const fragments = fc.constantFrom(
      ...["a", "A", "z9", "zz", "0", "go", "Abcdefghij", "abcdefghijk", "abcdefghijK2", "x".repeat(70)],
      ...[
        " ",
        "-",
        "_",
        "é",
        "Größe",
        "café",
        "cafe",
        "İ",
        "\u212a",
        "ΑΣ",
        "\uff21",
        "\u0301",
        "١٢",
        "abcdefghij\u00e9",
      ],
    );
    const plain = fc.array(fragments, { maxLength: 60 }).map((parts) => step(parts.join("")));
    fc.assert(
      fc.property(plain, (each) => {
        expect(written([each])).toEqual(inBytes(saidIn([each])));
      }),
    );
    const text = fc.oneof(
      fc.array(fragments, { maxLength: 30 }).map((parts) => parts.join("")),
      fc.string({ unit: "binary" }),
    );
    const said = fc.record({ action: text, thought: fc.option(text), observation: text });
    fc.assert(
      fc.property(fc.array(said, { maxLength: 4 }), (steps) => {
        expect(inBytes(written(steps))).toEqual(inBytes(saidIn(steps)));
      }),
      { numRuns: 2000 },
    );
  });

  it("may be very many, and none", () => {
    const many = Array.from({ length: 60 }, (_, n) =>
      step(Array.from({ length: 700 }, (_, i) => (n * 700 + i).toString(36)).join(" ")),
    );
    expect(written(many)).toEqual(inBytes(saidIn(many)));
    expect(written([step("…!?")])).toEqual([]);
    expect(written([])).toEqual([]);
  });
});
