import { createHash } from "node:crypto";
import { parquetReadObjects } from "hyparquet";
import { describe, expect, it } from "vitest";
import packageJson from "@/package.json";
import { countExample, emptyCard } from "@/lib/core/dataset";
import type { Exporter } from "@/lib/core/ports";
import { version } from "@/lib/core/version";
import { fileNameOf, folderNameOf, kitFiles, type KitSource } from "@/lib/exporters/kit";
import { exporters } from "@/lib/exporters/registry";
import { zipOf } from "@/lib/exporters/zip";
import { contextOf, examples } from "../support/examples";
import { bytesOf, filesOf } from "../support/folders";

const all = Object.values(examples);
const hostile = "a `name`: <b>| *x*\n--- # \u201cq\u201d";

function sourceOf(exporter: Exporter, over: Partial<KitSource["dataset"]> = {}): KitSource {
  const card = emptyCard("approved");
  for (const example of all) countExample(card, example);
  return {
    exporter,
    dataset: { datasetId: 7, name: hostile, contentHash: "c0ffee", exampleCount: all.length, card, ...over },
    version,
    async *examples(split) {
      const of = split === "train" ? all : [examples.forked];
      for (const example of of) yield [{ example, context: contextOf(example) }];
    },
  };
}

const textIn = (files: Map<string, Buffer>, path: string) => files.get(path)?.toString("utf8") ?? "";
const linesIn = (files: Map<string, Buffer>, path: string) => textIn(files, path).trimEnd().split("\n");

describe.each(Object.entries<Exporter>(exporters))("the folder of %s", (format, exporter) => {
  it("holds what its checksums say, and they say all of it", async () => {
    const files = await filesOf(kitFiles(sourceOf(exporter)));
    const sums = linesIn(files, "SHA256SUMS");
    expect([...files.keys()].at(-1)).toBe("SHA256SUMS");
    expect(sums.map((line) => line.slice(66))).toEqual([...files.keys()].slice(0, -1));
    for (const line of sums) {
      const file = files.get(line.slice(66)) ?? Buffer.alloc(0);
      expect(line.slice(0, 64)).toBe(createHash("sha256").update(file).digest("hex"));
    }
  });

  it("is the same zip byte for byte, twice", async () => {
    const zip = () => {
      const source = sourceOf(exporter);
      return bytesOf(zipOf(folderNameOf(source), kitFiles(source)));
    };
    const [first, second] = [await zip(), await zip()];
    expect(first.equals(second)).toBe(true);
    expect(first.subarray(0, 4).toString("latin1")).toBe("PK\u0003\u0004");
    expect(
      first.includes(Buffer.from(`${folderNameOf({ exporter, dataset: sourceOf(exporter).dataset })}/`)),
    ).toBe(true);
  });

  it("says in its card what is in it, how the mask is told and which run that is", async () => {
    const files = await filesOf(kitFiles(sourceOf(exporter)));
    const card = textIn(files, "README.md");
    const [, yaml = "", ...body] = card.split(/^---$/m);
    expect(yaml).toContain(`config_name: ${format}`);
    expect(yaml).toContain(`pretty_name: ${JSON.stringify(hostile)}`);
    expect(yaml).toContain("license: other");
    expect(body.join("---")).not.toContain("<b>");
    for (const { path } of exporter.files({
      name: "x",
      splits: [],
      longestRow: 0,
      hasTools: false,
      settings: null,
    }))
      expect(card).toContain(`\`${path}\``);
    if (exporter.command) expect(card).toContain(exporter.command);
    if (exporter.truncation) expect(card).toContain(exporter.truncation.tokens.toLocaleString("en-US"));
    const manifest = JSON.parse(textIn(files, "manifest.json"));
    expect(manifest).toMatchObject({ format, gleaner: version, dataset: { contentHash: "c0ffee" } });
    for (const { split, file, rows } of manifest.splits) {
      expect(card).toContain(`${rows} in ${split}`);
      if (exporter.encoding.kind === "jsonl") expect(linesIn(files, file)).toHaveLength(rows);
    }
  });

  it("has a sidecar line for every line, and golden lines of the first split only", async () => {
    const files = await filesOf(kitFiles(sourceOf(exporter)));
    const { splits } = JSON.parse(textIn(files, "manifest.json"));
    for (const { file, rows } of splits) {
      const sidecar = [...files.keys()].find(
        (path) => path === `${file.replace(/\.[a-z]+$/, "")}.provenance.jsonl`,
      );
      if (exporter.shape === "table") expect(sidecar).toBeUndefined();
      else expect(linesIn(files, sidecar ?? "")).toHaveLength(rows);
    }
    const trains = ["masked", "exploded", "pairs", "labels"].includes(exporter.shape);
    expect(files.has("golden.jsonl")).toBe(trains);
    if (trains) expect(linesIn(files, "golden.jsonl")).toHaveLength(splits[0].rows);
  });
});

describe("a folder", () => {
  it("is written under a name every file system takes", () => {
    for (const name of [hostile, "../../etc", "..", "", "a".repeat(300), "CON", "x/y\\z"]) {
      expect(fileNameOf(name)).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/);
    }
  });

  it("reads the examples of a split once, and still has their sidecar", async () => {
    const source = sourceOf(exporters.openai);
    const asked: string[] = [];
    const counted: KitSource = {
      ...source,
      examples(split) {
        asked.push(split);
        return source.examples(split);
      },
    };
    const files = await filesOf(kitFiles(counted));
    expect(asked).toEqual(["train", "validation"]);
    expect(linesIn(files, "train.provenance.jsonl")).toHaveLength(linesIn(files, "train.jsonl").length);
  });

  it("asks for nothing more once its reader has gone", async () => {
    let asked = 0;
    const source = sourceOf(exporters.openai);
    const endless: KitSource = {
      ...source,
      async *examples() {
        for (;;) {
          asked += 1;
          yield [{ example: examples.shop, context: contextOf(examples.shop) }];
        }
      },
    };
    const reader = zipOf("x", kitFiles(endless)).getReader();
    await reader.read();
    await reader.read();
    await reader.cancel();
    const before = asked;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(asked).toBe(before);
    expect(asked).toBeLessThan(2000);
  });

  it.each(["axolotl", "ms-swift", "llama-factory", "llama-factory-v1", "agenttraj"] as const)(
    "has the same columns in every row of %s: its trainer's loader knows those of the first rows only",
    async (format) => {
      const files = await filesOf(kitFiles(sourceOf(exporters[format])));
      const columns = linesIn(files, "train.jsonl").map((line) => Object.keys(JSON.parse(line)).join());
      expect(columns.length).toBeGreaterThan(1);
      expect(new Set(columns).size).toBe(1);
    },
  );

  it("names in its card only what the Hub reads as it reads the data", async () => {
    const card = async (exporter: Exporter) =>
      textIn(await filesOf(kitFiles(sourceOf(exporter))), "README.md");
    expect(await card(exporters.openai)).toContain("config_name: provenance");
    expect(await card(exporters.verl)).not.toContain("config_name: provenance");
    expect(await card(exporters.sts)).toContain("dataset_info:\n- config_name: sts\n  features:\n");
  });

  it("is one session per file for the trace viewer", async () => {
    const files = await filesOf(kitFiles(sourceOf(exporters.sts)));
    const [header, ...said] = linesIn(files, "train/000002.jsonl").map((line) => JSON.parse(line));
    expect(header).toMatchObject({ type: "session", name: "tau-bench task_7" });
    expect(said).toHaveLength(9);
  });

  it("says so where the dataset has nothing for the format", async () => {
    const none: KitSource = {
      ...sourceOf(exporters["dpo-trl"]),
      async *examples() {
        yield [{ example: examples.shop, context: contextOf(examples.shop) }];
      },
    };
    const files = await filesOf(kitFiles(none));
    expect([...files.keys()]).toEqual(["README.md", "manifest.json", "SHA256SUMS"]);
    expect(textIn(files, "README.md")).toContain("There are no rows");
  });

  it("proves nothing and names no command where all rows are held out", async () => {
    const source = sourceOf(exporters["dpo-trl"]);
    const heldOut: KitSource = {
      ...source,
      async *examples(split) {
        if (split === "validation") yield* source.examples("train");
      },
    };
    const files = await filesOf(kitFiles(heldOut));
    expect(linesIn(files, "validation.jsonl")).toHaveLength(1);
    expect([...files.keys()].filter((path) => /golden|\.py$/.test(path))).toEqual([]);
    expect(textIn(files, "README.md")).not.toContain("train.py");
  });
});

describe("parquet", () => {
  const read = async (format: keyof typeof exporters) => {
    const files = await filesOf(kitFiles(sourceOf(exporters[format])));
    const file = files.get("train.parquet") ?? Buffer.alloc(0);
    return parquetReadObjects({ file: new Uint8Array(file).buffer });
  };

  it("gives back verl's messages and one flag for each", async () => {
    const rows = await read("verl");
    expect(rows).toHaveLength(all.length);
    for (const row of rows) {
      const messages = JSON.parse(String(row.messages));
      const flags = JSON.parse(String(row.loss_mask));
      expect(flags).toHaveLength(messages.length);
      expect(flags.at(-1)).toBe(1);
    }
    expect(JSON.parse(String(rows[1]?.tools))).toEqual(examples.desk.tools);
    expect(rows[0]?.tools ?? null).toBeNull();
  });

  it("gives back the same table as CSV, and every action once", async () => {
    const rows = await read("verdicts-parquet");
    const files = await filesOf(kitFiles(sourceOf(exporters["verdicts-csv"])));
    expect(textIn(files, "train.csv").split("\r\n")).toHaveLength(rows.length + 2);
    const forked = rows.filter(({ subtask }) => subtask === "webshop_9");
    expect(forked.map(({ source, step, action, trained }) => [source, step, action, trained])).toEqual([
      ["expert", 0, "click[Back]", false],
      ["expert", 1, "search[mittens]", true],
      ["agent", 0, "click[B2]", true],
      ["agent", 1, "click[Buy Now]", true],
    ]);
    expect(forked[0]).toMatchObject({
      successes_before: 3,
      attempts_before: 4,
      successes_after: 0,
      attempts_after: 4,
    });
  });
});

it("says the version package.json says", () => expect(version).toBe(packageJson.version));
