import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ImportRecord } from "@/lib/core/ports";
import { splitRecords, type RawRecord } from "@/lib/importers/record-stream";
import { depthLimit, fieldLimit, parseRecord } from "@/lib/importers/record-value";
import { readRecords } from "@/lib/importers/registry";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function split(text: string | Uint8Array, size = 7, limit?: number): Promise<RawRecord[]> {
  const bytes = typeof text === "string" ? encoder.encode(text) : text;
  const records: RawRecord[] = [];
  for await (const record of splitRecords(chunks(bytes, size), limit)) records.push(record);
  return records;
}

const shown = (records: RawRecord[]) =>
  records.map((record) => [record.line, decoder.decode(record.bytes).trim(), record.problem] as const);

async function read(text: string | Uint8Array, size = 64): Promise<ImportRecord[]> {
  const bytes = typeof text === "string" ? encoder.encode(text) : text;
  const defaults = {
    environment: "kitchen",
    source: "expert",
    model: null,
    withoutReward: "unknown",
  } as const;
  const records: ImportRecord[] = [];
  for await (const record of readRecords(chunks(bytes, size), { defaults })) records.push(record);
  return records;
}

const good = (name: string) =>
  JSON.stringify({
    format: "gleaner/1",
    subtaskKey: name,
    instruction: "i",
    steps: [{ observation: "o", action: "a" }],
  });

describe("splitRecords", () => {
  it("cuts lines, skips blank ones, counts from 1, points at the first byte", async () => {
    const records = await split('{"a":1}\r\n\n  {"b":"é"}\n\n{"c":3}');
    expect(shown(records)).toEqual([
      [1, '{"a":1}', null],
      [3, '{"b":"é"}', null],
      [5, '{"c":3}', null],
    ]);
    expect(records.map((record) => record.byteOffset)).toEqual([0, 12, 24]);
    expect(records.map((record) => record.last)).toEqual([false, false, true]);
  });

  it("cuts the elements of an array, whatever their strings hold", async () => {
    const elements = [{ a: '],[{"\\' }, { b: [1, { c: "}" }] }, { d: {} }];
    const text = `\ufeff [\n${elements.map((element) => JSON.stringify(element)).join(" ,\n ")}\n]\n`;
    const records = await split(text);
    expect(records.map((record) => JSON.parse(decoder.decode(record.bytes)))).toEqual(elements);
    expect(records.map((record) => text.slice(1)[record.byteOffset - 3])).toEqual(["{", "{", "{"]);
  });

  it("gives the same records for every chunk size, array or lines", async () => {
    const value = fc.object({ maxDepth: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(value, { maxLength: 6 }),
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        async (all, size, array) => {
          const texts = all.map((one) => JSON.stringify(one));
          const file = array ? `[${texts.join(",")}]` : texts.join("\n");
          expect(shown(await split(file, size))).toEqual(texts.map((text, index) => [index + 1, text, null]));
        },
      ),
      { numRuns: 200 },
    );
  });

  it("goes on after an element that is broken, and after the array", async () => {
    const records = await split('[{"a":[1,2},{"b":"open\n},{"c":3}]\n{"d":4}\n');
    expect(shown(records).map(([, text]) => text)).toEqual([
      '{"a":[1,2}',
      '{"b":"open\n}',
      '{"c":3}',
      '{"d":4}',
    ]);
  });

  it("says where a cut-off array ends", async () => {
    const records = shown(await split('[{"a":1},{"b":'));
    expect(records[1]).toEqual([2, '{"b":', null]);
    expect(records[2]?.[2]).toMatch(/truncated/);
    expect(shown(await split('[{"a":1}')).map(([line]) => line)).toEqual([1, 2]);
  });

  it("reports a record over the limit and keeps the ones beside it", async () => {
    const long = `{"a":"${"x".repeat(5000)}"}`;
    for (const file of [`{"z":1}\n${long}\n{"b":2}`, `[{"z":1},${long},{"b":2}]`]) {
      const records = await split(file, 100, 2000);
      expect(records.map((record) => record.problem)).toEqual([null, "larger than 2000 bytes", null]);
      expect(records[1]?.bytes.length).toBeLessThanOrEqual(1024);
      expect(decoder.decode(records[2]?.bytes)).toBe('{"b":2}');
    }
  });

  it("does not take a line that is an array for a file that is one", async () => {
    expect(shown(await split('[1,2]\n{"a":1}')).map(([line]) => line)).toEqual([1, 2]);
    expect(await split("")).toEqual([]);
    expect(await split(" \n ")).toEqual([]);
    expect(await split("[]")).toEqual([]);
  });
});

describe("hostile records", () => {
  const nested = (depth: number) => `{"x":${"[".repeat(depth)}${"]".repeat(depth)}}`;
  const cases: [string, string | Uint8Array, RegExp][] = [
    ["a NUL", '{"a":{"b":["\\u0000"]}}', /a\.b\[0\].*NUL/],
    ["a NUL in a key", '{"\\u0000":1}', /NUL/],
    ["half a surrogate pair", '{"a":"\\ud800"}', /surrogate/],
    ["a number that is none", '{"a":1e400}', /out of range/],
    ["bytes that are not UTF-8", new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), /UTF-8/],
    ["deep nesting", nested(depthLimit), /nested deeper/],
    ["very deep nesting", nested(200_000), /nested deeper/],
    ["a long field", `{"a":"${"é".repeat(fieldLimit / 2 + 1)}"}`, /longer than/],
    ["no JSON", "{'a':1}", /not valid JSON/],
    ["a cut-off line", '{"a":', /truncated/],
    ["nothing known", '{"a":1,"b":2}', /no known format: it has the keys a, b/],
    ["an array", "[1]", /an array/],
    ["a string", '"x"', /no known format/],
    ["null", "null", /no known format/],
  ];

  it.each(cases)("%s is one rejected line between two good ones", async (name, hostile, reason) => {
    const bytes = typeof hostile === "string" ? encoder.encode(hostile) : hostile;
    const last = /cut-off/.test(name);
    const file = Buffer.concat([
      encoder.encode(`${good("a")}\n`),
      bytes,
      encoder.encode(last ? "" : `\n${good("b")}\n`),
    ]);
    const records = await read(file, 50_000);
    expect(records.map((record) => record.ok)).toEqual(last ? [true, false] : [true, false, true]);
    const bad = records[1];
    if (bad === undefined || bad.ok) throw new Error("not rejected");
    expect(bad).toMatchObject({ line: 2, byteOffset: good("a").length + 1 });
    expect(bad.reason).toMatch(reason);
    expect(bad.sample.length).toBeLessThanOrEqual(200);
    expect(`${bad.reason}${bad.sample}`).not.toMatch(/[\u0000\ud800-\udfff]/);
  });

  it("accepts what is at the limits", () => {
    const raw = (text: string) => ({
      line: 1,
      byteOffset: 0,
      bytes: encoder.encode(text),
      problem: null,
      last: false,
    });
    expect(parseRecord(raw(nested(depthLimit - 1))).ok).toBe(true);
    expect(parseRecord(raw(`{"a":"${"é".repeat(fieldLimit / 2)}"}`)).ok).toBe(true);
    expect(parseRecord(raw('{"a":"😀"}')).ok).toBe(true);
  });

  it("never throws and never loses a good line, whatever bytes are around it", async () => {
    const noise = fc
      .uint8Array({ maxLength: 60 })
      .map((bytes) => bytes.map((byte) => (byte === 10 ? 11 : byte)));
    await fc.assert(
      fc.asyncProperty(
        fc.array(noise, { maxLength: 5 }),
        fc.integer({ min: 1, max: 99 }),
        async (lines, size) => {
          const parts = [encoder.encode(good("first"))];
          for (const line of lines) parts.push(line, encoder.encode(good("next")));
          const records = await read(
            Buffer.concat(parts.flatMap((part) => [part, encoder.encode("\n")])),
            size,
          );
          expect(records.filter((record) => record.ok)).toHaveLength(lines.length + 1);
        },
      ),
      { numRuns: 200 },
    );
  });
});
