import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { goldenLine } from "@/lib/exporters/golden";
import { openai } from "@/lib/exporters/openai";
import { proofFiles } from "@/lib/exporters/proofs/kit";
import { exportRows } from "@/lib/exporters/rows";
import { examples } from "../support/examples";

const every = Object.keys(examples).length;
const python = spawnSync("python3", ["--version"]).status === 0;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "gleaner-rules-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes the folder of a service, its rows changed, and runs its check. @returns exit code and what it said */
function check(change: (rows: string) => string = (rows) => rows) {
  const data: string[] = [];
  const golden: string[] = [];
  for (const each of Object.values(examples)) {
    const { example, rows } = exportRows(openai, each);
    for (const row of rows) {
      data.push(JSON.stringify(row.value));
      golden.push(goldenLine(openai, example, row, data.length));
    }
  }
  for (const { path: name, text } of proofFiles("rules")) writeFileSync(path.join(folder, name), text);
  writeFileSync(path.join(folder, "train.jsonl"), `${change(data.join("\n"))}\n`);
  writeFileSync(path.join(folder, "golden.jsonl"), `${golden.join("\n")}\n`);
  const { status, stdout } = spawnSync("python3", ["check.py"], { cwd: folder, encoding: "utf8" });
  return { status, stdout };
}

describe.skipIf(!python)("the check of services that train elsewhere", () => {
  it("passes what the exporter writes", () => {
    expect(check()).toEqual({ status: 0, stdout: expect.stringContaining(`✓ ${every} of ${every} lines`) });
  });

  it.each([
    ["R1", (rows: string) => rows.replace(/\}\]\}$/m, '},{"role":"user","content":"more"}]}')],
    ["R2", (rows: string) => rows.replaceAll('"weight":1', '"weight":0')],
    ["R3", (rows: string) => rows.replace(',"weight":0', "")],
    ["nobody's reply", (rows: string) => rows.replace('"role":"user"', '"role":"user","weight":1')],
    ["R4", (rows: string) => rows.replace('"weight":1', '"weight":true')],
    ["R5", (rows: string) => rows.replace('{"messages"', '{"source":"x","messages"')],
    ["not approved", (rows: string) => rows.replace('"weight":0', '"weight":1')],
    ["approved was", (rows: string) => rows.replace("search[mittens]", "search[gloves]")],
    ["does not have", (rows: string) => rows.split("\n").slice(1).join("\n")],
  ])("fails and says %s", (said, change) => {
    expect(check(change)).toEqual({ status: 1, stdout: expect.stringContaining(said) });
  });
});
