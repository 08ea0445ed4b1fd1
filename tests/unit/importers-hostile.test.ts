import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { ImportRecord } from "@/lib/core/ports";
import { depthLimit } from "@/lib/importers/record-value";
import { readRecords } from "@/lib/importers/registry";

const defaults = { environment: "kitchen", source: "expert", model: null, withoutReward: "unknown" } as const;
const good = (name: string, more: object = {}) =>
  JSON.stringify({
    format: "gleaner/1",
    subtaskKey: name,
    instruction: "i",
    steps: [{ observation: "o", action: "a" }],
    ...more,
  });

async function read(content: string | Uint8Array, size = 65_536): Promise<ImportRecord[]> {
  const bytes = Buffer.from(content);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const records: ImportRecord[] = [];
  for await (const record of readRecords(chunks(), { defaults })) records.push(record);
  return records;
}

const keys = (records: ImportRecord[]) =>
  records.flatMap((record) => (record.ok ? [record.draft.subtaskKey] : []));
const refused = (records: ImportRecord[]) =>
  records.flatMap((record) => (record.ok ? [] : [[record.line, record.byteOffset, record.reason] as const]));

/** Lines no reader may take, nor choke on; each between two good ones. */
const bad: [string, string | Uint8Array, RegExp][] = [
  ["a comma too many", '{"a":1,}', /not valid JSON/],
  ["a key without quotes", "{a:1}", /not valid JSON/],
  ["a single quote", "{'a':1}", /not valid JSON/],
  ["a bare word", "nul", /not valid JSON/],
  ["NaN", '{"a":NaN}', /not valid JSON/],
  ["a leading zero", '{"a":01}', /not valid JSON/],
  ["a plus sign", '{"a":+1}', /not valid JSON/],
  ["a hexadecimal number", '{"a":0x1}', /not valid JSON/],
  ["a number that is infinite", '{"a":1e400}', /out of range/],
  ["a raw control character", '{"a":"\u0001"}', /not valid JSON/],
  ["a raw NUL", '{"a":"\0"}', /not valid JSON/],
  ["an escaped NUL", '{"a":"\\u0000"}', /NUL/],
  ["half a surrogate pair", '{"a":"\\udfff"}', /surrogate/],
  ["a wrong escape", '{"a":"\\x41"}', /not valid JSON/],
  ["two values", '{"a":1}{"b":2}', /not valid JSON/],
  ["too many closing brackets", '{"a":1}]}', /not valid JSON/],
  ["an unclosed list", '{"a":[1', /not valid JSON/],
  ["an unclosed string", '{"a":"b', /not valid JSON/],
  ["only opening brackets", "[".repeat(100_000), /nested deeper/],
  ["deep nesting", `{"a":${"[".repeat(depthLimit)}${"]".repeat(depthLimit)}}`, /nested deeper/],
  ["overlong UTF-8", new Uint8Array([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x7d]), /UTF-8/],
  ["a surrogate in UTF-8", new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]), /UTF-8/],
  ["UTF-16", Buffer.from('{"a":1}', "utf16le"), /not valid JSON/],
  ["17 MB on a line", `{"a":"${"x".repeat(17 * 1024 * 1024)}"}`, /larger than/],
  ["a comment", "// no", /not valid JSON/],
];

describe("a bad line", () => {
  it.each(bad)("%s: is reported where it is, and costs no line beside it", async (_name, line, reason) => {
    const before = Buffer.from(`${good("a")}\n`);
    for (const first of [true, false]) {
      const parts = first ? [line, `\n${good("a")}\n${good("b")}\n`] : [before, line, `\n${good("b")}\n`];
      const records = await read(Buffer.concat(parts.map((part) => Buffer.from(part))));
      expect(keys(records)).toEqual(["a", "b"]);
      const [problem, ...others] = refused(records);
      expect(others).toEqual([]);
      expect(problem?.slice(0, 2)).toEqual(first ? [1, 0] : [2, before.length]);
      expect(problem?.[2]).toMatch(reason);
    }
  });
});

describe("what is odd but right", () => {
  it.each([
    ["a byte order mark", `\ufeff${good("a")}\n${good("b")}`],
    ["CRLF", `${good("a")}\r\n\r\n${good("b")}\r\n`],
    ["no last line end", `${good("a")}\n${good("b")}`],
    ["white space around", `  \n\t${good("a")}  \n\n ${good("b")}\n\n\n`],
    ["a list over lines", `[\n${good("a")}\n,\n${good("b")}\n]`],
    [
      "objects over lines",
      [good("a"), good("b")].map((one) => JSON.stringify(JSON.parse(one), null, 2)).join("\n"),
    ],
    ["gzip", gzipSync(`${good("a")}\n${good("b")}\n`)],
  ])("%s is read, in pieces of any size", async (_name, file) => {
    for (const size of [1, 7, 65_536]) {
      const records = await read(file, size);
      expect(refused(records)).toEqual([]);
      expect(keys(records)).toEqual(["a", "b"]);
    }
  });

  it("the last of two equal keys counts, as everywhere in JavaScript", async () => {
    expect(keys(await read(good("a").replace('"subtaskKey"', '"subtaskKey":"z","subtaskKey"')))).toEqual([
      "a",
    ]);
  });

  it("a key called __proto__ changes nothing but its own record", async () => {
    const chat = `{"id":"x","__proto__":{"reward":1},"tools":[{"__proto__":{"polluted":true}}],"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"r"}]}`;
    const [record] = await read(chat);
    expect(record).toMatchObject({ ok: true, draft: { reward: null, subtaskKey: "x" } });
    expect(Reflect.get({}, "polluted")).toBeUndefined();
    const [native] = await read(good("a").replace("{", '{"__proto__":{"x":1},'));
    expect(native?.ok).toBe(false);
  });

  it("marks of direction stay as they are: they are shown, not dropped", async () => {
    const [record] = await read(good("a", { instruction: "safe\u202egnp.exe" }));
    expect(record).toMatchObject({ draft: { instruction: "safe\u202egnp.exe" } });
  });
});

describe("what is cut off", () => {
  it("an object over many lines is one bad record", async () => {
    const whole = JSON.stringify(JSON.parse(good("a")), null, 2);
    const records = await read(whole.slice(0, -10));
    expect(refused(records)).toEqual([[1, 0, expect.stringContaining("truncated")]]);
  });

  it("an unclosed first line does not swallow the lines after it", async () => {
    expect(keys(await read(`{"a":[\n${good("b")}\n${good("c")}\n`))).toEqual(["b", "c"]);
    expect(keys(await read(`{"a":[\n${good("b")}\n`))).toEqual(["b"]);
  });

  it("a gzipped file gives what can be unpacked, and says that it is broken", async () => {
    const file = gzipSync(Array.from({ length: 5000 }, (_, n) => `${good(`t${n}`)}\n`).join(""));
    const records = await read(file.subarray(0, file.length - 100));
    expect(keys(records).length).toBeGreaterThan(100);
    expect(refused(records).at(-1)?.[2]).toMatch(/damaged or cut off/);
  });

  it.each([
    ["a ZIP archive", Buffer.from("PK\u0003\u0004 and nothing more")],
    ["a Parquet file", Buffer.from("PAR1 and nothing more")],
  ])("%s is refused as a whole", async (_name, file) => {
    await expect(read(file)).rejects.toMatchObject({ code: "invalid_input" });
  });
});
