import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { scripts } from "@/lib/exporters/proofs/scripts";

const folder = new URL("../../lib/exporters/proofs/", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), "utf8");

const head = `// The texts of the scripts beside this file, as a module: a bundle carries modules only.
// Written by tests/unit/proof-scripts.test.ts: npx vitest run --project unit proof-scripts -u
`;

it("carries the scripts as they are", async () => {
  const names = readdirSync(folder)
    .filter((name) => /\.(py|jinja)$/.test(name))
    .sort();
  const entries = names.map((name) => `  ${JSON.stringify(name)}: ${JSON.stringify(read(name))},\n`);
  const written = `${head}export const scripts = {\n${entries.join("")}} as const;\n`;
  await expect(written).toMatchFileSnapshot("../../lib/exporters/proofs/scripts.ts");
  expect(Object.keys(scripts).sort()).toEqual(names);
});
