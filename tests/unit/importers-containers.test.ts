import { deflateRawSync, gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import type { ImportRecord } from "@/lib/core/ports";
import { readRecords } from "@/lib/importers/registry";
import type { Skipped, SkippedFile } from "@/lib/importers/zip";

const defaults = { environment: "kitchen", source: "expert", model: null, withoutReward: "unknown" } as const;

async function read(content: Uint8Array, skipped?: Skipped): Promise<ImportRecord[]> {
  async function* chunks() {
    for (let at = 0; at < content.length; at += 1000) yield content.subarray(at, at + 1000);
  }
  const records: ImportRecord[] = [];
  for await (const record of readRecords(chunks(), { defaults, ...(skipped ? { skipped } : {}) }))
    records.push(record);
  return records;
}

/** A zstd frame of stored blocks: every decoder reads it, and no encoder is needed. */
function zstd(content: Buffer): Buffer {
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0]);
  head.writeUInt32LE(content.length, 5);
  const blocks: Buffer[] = [];
  for (let at = 0; at < content.length; at += 100_000) {
    const block = content.subarray(at, at + 100_000);
    const header = Buffer.alloc(3);
    header.writeUIntLE((block.length << 3) | (at + block.length === content.length ? 1 : 0), 0, 3);
    blocks.push(header, block);
  }
  return Buffer.concat([head, ...blocks]);
}

const packings: Record<number, (content: Buffer) => Buffer> = {
  0: (content) => content,
  8: deflateRawSync,
  93: zstd,
};

function zip(files: Record<string, unknown>, method: number, flags = 0): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, value] of Object.entries(files)) {
    const content = Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
    const packed = (packings[method] ?? ((same: Buffer) => same))(content);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(flags, 2);
    shared.writeUInt16LE(method, 4);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(content.length, 18);
    shared.writeUInt16LE(Buffer.byteLength(name), 22);
    const entry = Buffer.alloc(14);
    entry.writeUInt32LE(at, 10);
    directory.push(Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), shared, entry, Buffer.from(name));
    parts.push(Buffer.from([0x50, 0x4b, 3, 4]), shared, Buffer.from(name), packed);
    at += 30 + Buffer.byteLength(name) + packed.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  Buffer.from([0x50, 0x4b, 5, 6]).copy(end);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, listed, end]);
}

const sample = (id: number, value: unknown) => ({
  id,
  epoch: 1,
  input: "attachment://h",
  target: "t",
  messages: [
    { role: "user", content: "attachment://h" },
    { role: "assistant", content: "x".repeat(200_000) },
  ],
  scores: { match: { value } },
  attachments: { h: "What is it?" },
});
const log = {
  "_journal/start.json": { version: 2, eval: { task: "pkg/quiz", model: "m/1" } },
  "samples/1_epoch_1.json": sample(1, "C"),
  "samples/2_epoch_1.json": sample(2, 0.5),
  "header.json": { version: 2, eval: { task: "pkg/quiz", model: "m/1" } },
};

describe("Inspect's .eval", () => {
  it("reads samples whose names hold what file names do not", async () => {
    const files = { ...log, "samples/a/b c_epoch_1.json": { ...sample(3, "I"), id: "a/b c" } };
    const records = await read(zip(files, 8));
    expect(records.map((record) => (record.ok ? record.draft.subtaskKey : record.reason))).toEqual([
      "1",
      "2",
      "a/b c",
    ]);
  });

  it.each([
    ["stored", 0],
    ["deflate", 8],
    ["zstd", 93],
  ])("members packed with %s are read, attachments resolved", async (_name, method) => {
    const records = await read(zip(log, method));
    expect(records).toMatchObject([
      { ok: true, format: "inspect", draft: { subtaskKey: "1", success: true, reward: 1, model: "m/1" } },
      { ok: true, format: "inspect", draft: { subtaskKey: "2", success: false, reward: 0.5 } },
    ]);
    expect(records[0]).toMatchObject({
      draft: { instruction: "What is it?", steps: [{ observation: "What is it?" }] },
    });
  });

  it("a sample that is packed otherwise, or encrypted, is named and refused", async () => {
    for (const archive of [zip(log, 12), zip(log, 8, 1)]) {
      const records = await read(archive);
      expect(records.map((record) => record.ok)).toEqual([false, false]);
      expect(records[0]).toMatchObject({
        line: 1,
        reason: expect.stringContaining("samples/1_epoch_1.json"),
      });
    }
  });
});

describe("other containers", () => {
  const rows = [1, 2, 3].map((id) => ({
    id: `r${id}`,
    reward: id === 1 ? 1 : 0,
    messages: [
      { role: "user", content: "q", weight: null },
      { role: "assistant", content: `a${id}`, weight: 1 },
    ],
  }));
  const jsonl = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  const keysOf = (records: ImportRecord[]) =>
    records.map((record) =>
      record.ok ? [record.draft.subtaskKey, record.draft.success, record.mask] : record.reason,
    );
  const all = [
    ["r1", true, "messages.weight"],
    ["r2", false, "messages.weight"],
    ["r3", false, "messages.weight"],
  ];

  it("a ZIP of JSONL, gzip, and zstd give what the file gives", async () => {
    expect(keysOf(await read(Buffer.from(jsonl)))).toEqual(all);
    expect(keysOf(await read(zip({ "data/train.jsonl": jsonl, "../../README.md": "no data" }, 8)))).toEqual(
      all,
    );
    expect(keysOf(await read(gzipSync(jsonl)))).toEqual(all);
    expect(keysOf(await read(zstd(Buffer.from(jsonl))))).toEqual(all);
  });

  it("every file of an archive that is not read is named, with why", async () => {
    const named = async (files: Record<string, unknown>) => {
      const skipped: SkippedFile[] = [];
      await read(zip(files, 8), (each) => skipped.push(each));
      return skipped.map(({ file, why }) => `${file}: ${why}`);
    };
    const golden = { line: 1, trained: [] };
    expect(await named({ "a.jsonl": jsonl, "b.zip": "PK", "c.csv": "1,2", "golden.jsonl": golden })).toEqual([
      "b.zip: an archive within an archive: send it by itself",
      "c.csv: its name ends in none of .jsonl, .json, .ndjson, .traj and .parquet",
      "golden.jsonl: it stands beside the data and holds no episode of its own",
    ]);
    expect(await named({ ...log, "summaries.json": [] })).toEqual([
      "summaries.json: it is no sample of the Inspect log",
    ]);
  });

  it("Parquet gives it too, with lists kept as JSON text", async () => {
    const file = parquetWriteBuffer({
      columnData: [
        { name: "id", data: rows.map((row) => row.id), type: "STRING" },
        { name: "reward", data: rows.map((row) => row.reward), type: "DOUBLE" },
        { name: "messages", data: rows.map((row) => JSON.stringify(row.messages)), type: "STRING" },
      ],
    });
    expect(keysOf(await read(new Uint8Array(file)))).toEqual(all);
  });

  it("what grows out of all proportion is given up", async () => {
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024, 0x20));
    const records = await read(bomb);
    expect(records.at(-1)).toMatchObject({ ok: false, reason: expect.stringContaining("come out of") });
  });
});

describe("a folder of Harbor's", () => {
  const helper = { trajectory_id: "h", steps: [{ source: "agent", message: "did it" }] };
  const trajectory = {
    schema_version: "ATIF-v1.8",
    session_id: "s",
    steps: [{ source: "agent", message: "Done" }],
    subagent_trajectories: [helper],
  };
  const result = {
    task_name: "fix-1",
    trial_name: "fix-1__AbC",
    source: "bench",
    agent_info: { name: "a" },
    verifier_result: { rewards: { reward: 1 } },
  };

  it("says of a trajectory how its trial went, and nothing of the helpers in it", async () => {
    const other = { ...result, task_name: "fix-2", trial_name: "fix-2__X", verifier_result: null };
    const files = {
      "jobs/1/result.json": result,
      "jobs/1/agent/trajectory.json": trajectory,
      "jobs/2/agent/trajectory.json": { ...trajectory, subagent_trajectories: [] },
      "jobs/2/result.json": other,
    };
    const drafts = (await read(zip(files, 8))).map((record) => (record.ok ? record.draft : record.reason));
    expect(drafts).toMatchObject([
      { subtaskKey: "fix-1", externalId: "fix-1__AbC", reward: 1, success: true },
      { externalId: "h", reward: null, success: null },
      { subtaskKey: "fix-2", externalId: "fix-2__X", reward: null, success: null },
    ]);
  });
});
