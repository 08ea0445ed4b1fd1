import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { emptyCard } from "@/lib/core/dataset";
import type { Example, MaskedMessage } from "@/lib/core/example";
import type { Exporter, ImportDefaults, ImportRecord } from "@/lib/core/ports";
import { version } from "@/lib/core/version";
import { folderNameOf, kitFiles, type KitSource } from "@/lib/exporters/kit";
import { exporters } from "@/lib/exporters/registry";
import { exportRows } from "@/lib/exporters/rows";
import { zipOf } from "@/lib/exporters/zip";
import { readRecords } from "@/lib/importers/registry";
import { readTurns } from "@/lib/importers/turns";
import type { SkippedFile } from "@/lib/importers/zip";
import { anExample, contextOf, examples, say } from "../support/examples";

const defaults: ImportDefaults = {
  environment: null,
  source: "expert",
  model: null,
  withoutReward: "unknown",
};
const kitchen = { ...defaults, environment: "kitchen" };

async function read(stream: AsyncIterable<Uint8Array>, given: ImportDefaults) {
  const records: ImportRecord[] = [];
  const skipped: string[] = [];
  const options = { defaults: given, skipped: ({ file }: SkippedFile) => skipped.push(file) };
  for await (const record of readRecords(stream, options)) records.push(record);
  return { records, skipped };
}

async function* bytes(content: string | ArrayBuffer) {
  yield typeof content === "string" ? Buffer.from(content) : new Uint8Array(content);
}

function drafts(records: ImportRecord[]) {
  return records.map((record) => {
    if (!record.ok) throw new Error(`${record.line}: ${record.reason}`);
    return record.draft;
  });
}

/** What a trajectory is made of, without what only says how it was written down. */
function essence({ steps }: Pick<ReturnType<typeof readTurns>, "steps">) {
  return steps.map(({ observation, thought, action }) => ({ observation, thought, action }));
}

const turnsOf = (messages: MaskedMessage[]) => readTurns(messages, { react: "marked" });
/** Messages up to each trained turn, as rows of exploded formats hold them. */
const prefixes = ({ messages }: Example) =>
  messages.flatMap(({ train }, index) => (train ? [messages.slice(0, index + 1)] : []));

/**
 * What a format cannot carry of a conversation. Besides, none carries outcome, rewards, the instruction, or what was seen
 * after the last trained reply: an example has none of them; exploded rows come back as one trajectory each.
 */
const cannotCarry: Partial<Record<string, string>> = {
  together: "where one message ends and the next of the same role begins",
  "ms-swift": "where one message ends and the next of the same role begins",
  "llama-factory": "ids of calls, white space in several calls at once",
  "llama-factory-v1": "ids of calls",
  agenttraj: "tools, and calls as calls: they are the text of an action",
  atif: "white space in arguments",
};
/** Its arguments are objects, which have no white space of their own. */
const spaceless = (format: string, action: string) =>
  format === "atif" ? action.replace('{"n": 1}', '{"n":1}') : action;
/** Rows that train their last turn, whatever they say, carry no mark. */
const unmarked = ["llama-factory", "nemo-rl"];

const conversations = Object.entries<Exporter>(exporters).filter(
  ([, { shape }]) => shape === "masked" || shape === "exploded",
);
const others = Object.entries<Exporter>(exporters).filter(
  ([, { shape }]) => shape !== "masked" && shape !== "exploded",
);

const sourceOf = (exporter: Exporter): KitSource => ({
  exporter,
  dataset: {
    datasetId: 1,
    name: "shop",
    contentHash: "c0ffee",
    exampleCount: 4,
    card: emptyCard("approved"),
  },
  version,
  async *examples(split) {
    const of = split === "train" ? Object.values(examples) : [examples.forked];
    for (const example of of) yield [{ example, context: contextOf(example) }];
  },
});
const kitOf = (exporter: Exporter) => {
  const source = sourceOf(exporter);
  return zipOf(folderNameOf(source), kitFiles(source));
};

describe.each(conversations)("the download of %s", (format, exporter) => {
  const but = cannotCarry[format] === undefined ? "" : `, but not ${cannotCarry[format]}`;

  it.each(Object.entries(examples))(`gives the steps of example %s again${but}`, async (_name, example) => {
    const { example: kept, rows } = exportRows(exporter, example, contextOf(example));
    const lines = rows.map(({ value }) => `${JSON.stringify(value)}\n`).join("");
    const got = drafts((await read(bytes(lines), kitchen)).records);
    const wanted = exporter.shape === "exploded" ? prefixes(kept) : [kept.messages];
    expect(got.map(essence)).toEqual(
      wanted.map((messages) =>
        essence(turnsOf(messages)).map((step) => ({ ...step, action: spaceless(format, step.action) })),
      ),
    );
    for (const { tools } of got) expect(tools).toEqual(format === "agenttraj" ? null : kept.tools);
  });

  it("is imported as a zip: its data with environment and subtask, nothing else, and that is said", async () => {
    const { records, skipped } = await read(kitOf(exporter), defaults);
    const got = drafts(records);
    const rows = [...Object.values(examples), examples.forked].flatMap((example) =>
      exportRows(exporter, example, contextOf(example)).rows.map(() => example),
    );
    expect(got.map(({ environment, subtaskKey }) => [environment, subtaskKey])).toEqual(
      rows.map(({ environment, subtaskKey }) => [environment, subtaskKey]),
    );
    const names = skipped.map((path) => path.slice(path.indexOf("/") + 1));
    expect(names).toEqual(
      expect.arrayContaining(["golden.jsonl", "train.provenance.jsonl", "manifest.json", "SHA256SUMS"]),
    );
    for (const split of ["train", "validation"] as const)
      expect(names).not.toContain(exporter.dataFile(split));
    const mask = unmarked.includes(format) ? null : expect.any(String);
    for (const record of records) expect(record).toMatchObject({ ok: true, mask });
  });
});

it.each(others)("the download of %s is refused as what it is", async (format, exporter) => {
  await expect(read(kitOf(exporter), defaults)).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringContaining(`“${format}”`),
  });
});

describe("a download", () => {
  it("gives calls and their answers by id", async () => {
    const wanted = turnsOf(exportRows(exporters.openai, examples.desk).example.messages);
    for (const format of [
      "openai",
      "azure",
      "fireworks",
      "trl",
      "axolotl",
      "tinker",
      "verl",
      "atif",
    ] as const) {
      const { rows } = exportRows(exporters[format], examples.desk);
      const [draft] = drafts((await read(bytes(JSON.stringify(rows[0]?.value)), kitchen)).records);
      const ids = (steps = draft?.steps) =>
        steps?.map(({ messages }) => [
          messages?.reply.toolCalls?.map(({ id, name }) => [id, name]) ?? [],
          messages?.input.flatMap(({ toolCallId: id }) => (id && id !== "elsewhere" ? [id] : [])) ?? [],
        ]);
      expect(ids()).toEqual(ids(wanted.steps));
    }
  });

  it("takes a file for a sidecar only if it looks like one", async () => {
    const kit = kitFiles(sourceOf(exporters.openai));
    async function* renamed() {
      for await (const file of kit)
        yield file.path === "train.jsonl" || file.path === "SHA256SUMS"
          ? { ...file, path: file.path === "train.jsonl" ? "golden.jsonl" : "x.provenance.jsonl" }
          : file;
    }
    const { records, skipped } = await read(zipOf("x", renamed()), kitchen);
    expect(records.filter(({ ok }) => ok)).toHaveLength(5);
    expect(skipped.filter((path) => path === "x/golden.jsonl")).toHaveLength(1);
  });

  it("keeps arguments that are no object where the format takes them as they were written", async () => {
    const call = { id: "c", name: "f", arguments: "{n: 1" };
    const broken = anExample([say("user", "go"), say("assistant", null, { train: true, toolCalls: [call] })]);
    for (const format of ["openai", "trl", "tinker", "llama-factory", "llama-factory-v1"] as const) {
      const { rows } = exportRows(exporters[format], broken);
      const [draft] = drafts((await read(bytes(JSON.stringify(rows[0]?.value)), kitchen)).records);
      expect(draft?.steps[0]?.action).toBe("f({n: 1)");
    }
  });

  it("comes back from Parquet with lists of structs, as Arrow writes them", async () => {
    const { rows } = exportRows(exporters.openai, examples.shop);
    const said: unknown = JSON.parse(JSON.stringify(rows[0]?.value), (key, value: unknown) =>
      key === "weight" && typeof value === "number" ? BigInt(value) : value,
    );
    const messages: unknown = Object(said).messages;
    const column = { name: "messages", data: [messages, messages] };
    const file = parquetWriteBuffer({
      columnData: [column],
      schema: [
        { name: "root", num_children: 1 },
        { name: "messages", repetition_type: "OPTIONAL", num_children: 1, converted_type: "LIST" },
        { name: "list", repetition_type: "REPEATED", num_children: 1 },
        { name: "element", repetition_type: "OPTIONAL", num_children: 3 },
        { name: "role", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
        { name: "content", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
        { name: "weight", type: "INT64", repetition_type: "OPTIONAL" },
      ],
    });
    const { records } = await read(bytes(file), kitchen);
    const { example } = exportRows(exporters.openai, examples.shop);
    const wanted = essence(turnsOf(example.messages));
    expect(drafts(records).map(essence)).toEqual([wanted, wanted]);
    for (const record of records) expect(record).toMatchObject({ mask: "messages.weight" });
  });
});
