import { shapeWords, truncationSentence } from "@/lib/core/export-words";
import type { Kit, KitFile } from "@/lib/core/ports";
import type { KitSource } from "./kit";
import { rowsOf } from "./proofs/kit";
import { provenanceFileName } from "./provenance";

const sizes: [number, string][] = [
  [1_000, "n<1K"],
  [10_000, "1K<n<10K"],
  [100_000, "10K<n<100K"],
  [1_000_000, "100K<n<1M"],
  [10_000_000, "1M<n<10M"],
];

const count = (n: number) => n.toLocaleString("en-US");

/** Text of people in Markdown: shown, never markup. */
const plain = (text: string) => text.replace(/[\\`*_{}[\]<>()#+!|~-]/g, "\\$&").replace(/\s+/g, " ");

/** A JSON string is a YAML string too. */
const yaml = (text: string) => JSON.stringify(text);

/**
 * The folder's README: a dataset card as the Hub reads it, what is in the data, how the trainer is told what to train on,
 * the command, and what the trainer's defaults would do to it.
 */
export function readme(source: KitSource, kit: Kit, files: KitFile[], hasGolden: boolean): string {
  return [
    ...frontMatter(source, kit),
    `# ${plain(source.dataset.name)}`,
    "",
    ...contents(source, kit),
    ...training(source, kit, files),
    ...listing(source, kit, files, hasGolden),
    "",
  ].join("\n");
}

function frontMatter({ exporter, dataset }: KitSource, { splits }: Kit): string[] {
  const rows = splits.reduce((sum, split) => sum + split.rows, 0);
  const isFolder = exporter.encoding.kind === "files";
  const path = (file: string) => (isFolder ? `${file}/*.jsonl` : file);
  // The Hub reads all of a folder as what its default data is: sidecars are JSON lines.
  const sidecars = exporter.shape === "table" || exporter.encoding.kind === "parquet" ? [] : splits;
  const config = (name: string, isDefault: boolean, of: { split: string; path: string }[]) => [
    `- config_name: ${name}`,
    ...(isDefault ? ["  default: true"] : []),
    "  data_files:",
    ...of.map((each) => `  - {split: ${each.split}, path: ${yaml(each.path)}}`),
  ];
  const configs = [
    ...config(
      exporter.format,
      true,
      splits.map(({ split, file }) => ({ split, path: path(file) })),
    ),
    ...(sidecars.length === 0
      ? []
      : config(
          "provenance",
          false,
          sidecars.map(({ split, file }) => ({ split, path: provenanceFileName(file) })),
        )),
  ];
  return [
    "---",
    `pretty_name: ${yaml(dataset.name)}`,
    "license: other",
    "license_name: unknown",
    "task_categories: [text-generation]",
    `size_categories: [${sizes.find(([limit]) => rows < limit)?.[1] ?? "n>10M"}]`,
    "tags: [agent, trajectories, loss-mask, eef]",
    ...(splits.length === 0 ? [] : ["configs:", ...configs]),
    ...(exporter.features ? ["dataset_info:", `- config_name: ${exporter.format}`, "  features:"] : []),
    ...(exporter.features ?? []).map((feature) => `  - ${feature}`),
    "---",
    "",
  ];
}

function contents({ dataset, exporter }: KitSource, { splits }: Kit): string[] {
  const { card } = dataset;
  const kinds = [
    `${count(card.examples.eef)} expert part + agent`,
    `${count(card.examples.rft)} agent's own success`,
    `${count(card.examples.bc)} expert success`,
    `${count(card.examples.promoted)} promoted`,
  ];
  const written = splits.map(({ split, rows }) => `${count(rows)} in ${split}`);
  return [
    `Made with Gleaner from ${count(dataset.exampleCount)} examples: ${kinds.join(", ")}.`,
    "",
    "| | |",
    "| --- | --- |",
    `| rows | ${written.length === 0 ? "none" : written.join(", ")} |`,
    `| environments | ${card.environments.map(plain).join(", ") || "none"} |`,
    `| trained turns | ${count(card.trainedTurns)} (${count(card.trainedCharacters)} characters) |`,
    `| context only | ${count(card.maskedTurns)} turns |`,
    `| expert actions | ${card.reviewPolicy === "approved" ? "approved by a person" : "not vetoed by a person"} |`,
    `| checkpoints | ${card.checkpoints.map(plain).join(", ") || "none"} |`,
    `| stale | ${count(card.stale)} examples rest on verdicts of an older checkpoint |`,
    `| content hash | \`${dataset.contentHash}\` |`,
    "",
    `Rows are **${shapeWords[exporter.shape].word}**. ${shapeWords[exporter.shape].meaning}`,
    "",
    ...(splits.length === 0
      ? ["**There are no rows**: nothing in this dataset has what this format needs.", ""]
      : []),
  ];
}

/** What `check.py` shows: a trainer's own rendering, or, where it asks none, what the file says. */
const checkWords = (files: KitFile[]): string =>
  files.some(({ path }) => path === "check_common.py")
    ? "Prove it with the installed trainer before you train:"
    : "Check that every row obeys the rules of its format and has the approved turns flagged; no trainer is asked, and what the service does with the flags only the service can show:";

function training({ exporter }: KitSource, kit: Kit, files: KitFile[]): string[] {
  const longest = `The longest row has ${count(kit.longestRow)} characters.`;
  const checks = files.some(({ path }) => path === "check.py");
  return [
    "## What is trained",
    "",
    `${exporter.mask.charAt(0).toUpperCase()}${exporter.mask.slice(1)}.`,
    "",
    ...(exporter.truncation
      ? [`**Long rows.** ${truncationSentence(exporter.truncation)} ${longest}`]
      : [longest]),
    "",
    ...(checks
      ? [checkWords(files), "", "```sh", exporter.checkCommand ?? "python check.py", "```", ""]
      : []),
    ...(exporter.command && rowsOf(kit, "train") > 0
      ? ["Then, in this folder:", "", "```sh", exporter.command, "```", ""]
      : []),
  ];
}

const about: Record<string, string> = {
  "golden.jsonl": "the approved text of the first lines, which `check.py` compares with",
  "manifest.json": "which dataset, which format, how many rows",
  SHA256SUMS: "checksums: `sha256sum -c SHA256SUMS`",
};

function listing({ exporter }: KitSource, { splits }: Kit, files: KitFile[], hasGolden: boolean): string[] {
  return [
    "## Files",
    "",
    ...splits.map(({ split, file, rows }) => `- \`${file}\`: ${count(rows)} rows for ${split}`),
    ...(exporter.shape === "table"
      ? []
      : splits.map(
          ({ file }) =>
            `- \`${provenanceFileName(file)}\`: line by line, which trajectory, rollout and evidence each turn comes from, its verdict, and who decided`,
        )),
    ...files.map(({ path }) => `- \`${path}\``),
    ...Object.entries(about)
      .filter(([path]) => path !== "golden.jsonl" || hasGolden)
      .map(([path, text]) => `- \`${path}\`: ${text}`),
  ];
}
