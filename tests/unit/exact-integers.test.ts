import { describe, expect, it } from "vitest";
import type { ImportRecord } from "@/lib/core/ports";
import { readRecords } from "@/lib/importers/registry";

const defaults = { environment: "kitchen", source: "expert", model: null, withoutReward: "unknown" } as const;

async function read(text: string): Promise<ImportRecord | undefined> {
  async function* bytes() {
    yield Buffer.from(text);
  }
  for await (const record of readRecords(bytes(), { defaults })) return record;
  return undefined;
}

const atif = (call: string, more = "") =>
  `{"schema_version":"ATIF-v1.7","steps":[{"source":"user","message":"q 12345678901234567890"},{"source":"agent",` +
  `"message":"","tool_calls":[{"tool_call_id":"c","function_name":"f","arguments":${call}}]}]${more}}`;

const actionOf = (record: ImportRecord | undefined) =>
  record?.ok ? record.draft.steps[0]?.action : record?.reason;

describe("integers beyond 2^53", () => {
  it.each([
    ['{"n":12345678901234567890}', 'f({"n":12345678901234567890})'],
    [
      '{"n":[-9007199254740993,{"m":9007199254740993}]}',
      'f({"n":[-9007199254740993,{"m":9007199254740993}]})',
    ],
    ['{"n":"12345678901234567890"}', 'f({"n":"12345678901234567890"})'],
    ['{"n":9007199254740991,"f":0.1234567890123456}', 'f({"n":9007199254740991,"f":0.1234567890123456})'],
    ["12345678901234567890", "12345678901234567890"],
  ])("in the arguments %s of a call keep their digits", async (written, action) => {
    const record = await read(atif(written));
    if (written.startsWith("{")) expect(actionOf(record)).toBe(action);
    else expect(actionOf(record)).toContain("an integer larger than a number can hold");
  });

  it("elsewhere are the numbers they always were", async () => {
    const record = await read(
      atif(
        "{}",
        ',"extra":{"reward":1,"n":12345678901234567890},"agent":{"tool_definitions":[{"max":9007199254740993}]}',
      ),
    );
    expect(record).toMatchObject({ ok: true, draft: { reward: 1, tools: [{ max: 9007199254740992 }] } });
    expect(record?.ok && record.draft.steps[0]?.observation).toBe("q 12345678901234567890");
  });

  it("beside the mark they are read by are refused by name", async () => {
    const record = await read(atif('{"n":12345678901234567890,"s":"\ue0f0"}'));
    expect(record).toMatchObject({ ok: false, reason: expect.stringContaining("U+E0F0") });
  });
});
