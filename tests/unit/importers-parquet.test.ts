import { readFileSync } from "node:fs";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import type { ImportRecord } from "@/lib/core/ports";
import { readRecords } from "@/lib/importers/registry";

type Columns = Parameters<typeof parquetWriteBuffer>[0]["columnData"];

const read = (columnData: Columns) => readFile(new Uint8Array(parquetWriteBuffer({ columnData })));

async function readFile(bytes: Uint8Array) {
  async function* stream() {
    yield bytes;
  }
  const defaults = { environment: "e", source: "expert", model: null, withoutReward: "unknown" } as const;
  const found: ImportRecord[] = [];
  for await (const record of readRecords(stream(), { defaults })) found.push(record);
  return found.map((record) => {
    if (!record.ok) throw new Error(record.reason);
    return record.draft;
  });
}

const messages = (args: string) =>
  `[{"role":"user","content":"Do"},{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function",` +
  `"function":{"name":"f","arguments":${args}}}]}]`;

describe("Parquet", () => {
  it("keeps the digits of names and of calls that are kept as JSON text", async () => {
    const drafts = await read([
      { name: "id", data: [9007199254740993n], type: "INT64" },
      { name: "messages", data: [messages('{"n":9007199254740993,"gone":null}')], type: "STRING" },
    ]);
    expect(drafts[0]).toMatchObject({ subtaskKey: "9007199254740993" });
    expect(drafts[0]?.steps[0]?.action).toBe('f({"n":9007199254740993,"gone":null})');
  });

  it("loses no row to bytes that are no text", async () => {
    const drafts = await read([
      { name: "picture", data: [new Uint8Array([0, 255, 1])], type: "BYTE_ARRAY" },
      { name: "messages", data: [messages('"{}"')], type: "STRING" },
    ]);
    expect(drafts[0]?.steps.map(({ action }) => action)).toEqual(["f({})"]);
  });

  it("reads columns of JSON, with the keys and digits they have", async () => {
    const value: unknown = JSON.parse(messages('{"a":1,"b":null}'));
    const drafts = await read([{ name: "messages", data: [value], type: "JSON" }]);
    expect(drafts[0]?.steps[0]?.action).toBe('f({"a":1,"b":null})');
  });

  // Written by pyarrow: structs in a list, encoded as a dictionary, in two row groups, zstd.
  it("does not take the keys that all structs of a column share for those of one", async () => {
    const drafts = await readFile(readFileSync("tests/fixtures/importers/structs.parquet"));
    expect(drafts.map(({ subtaskKey, steps }) => [subtaskKey, steps[0]?.action])).toEqual([
      ["9007199254740993", 'f({"a":9007199254740993})'],
      ["9007199254740994", 'f({"b":"x"})'],
    ]);
  });
});
