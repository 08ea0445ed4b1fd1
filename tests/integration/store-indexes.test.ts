import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { useStore } from "../support/store";

const db = useStore();

it("has every index of the schema that is meant to be partial", async () => {
  const folder = fileURLToPath(new URL("../../prisma/migrations", import.meta.url));
  const sql = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => readFileSync(`${folder}/${name}/migration.sql`, "utf8"))
    .join("\n");
  // One that was made anew is told twice.
  const made = [...sql.matchAll(/CREATE (?:UNIQUE )?INDEX "(\w+)"[^;]* WHERE /g)].map(([, name]) => name);
  const partial = [...new Set(made)].sort();
  const rows = await db.query(
    "select indexrelid::regclass::text as name from pg_index where indpred is not null",
  );
  expect(
    rows
      .map((row) => row.name)
      .filter((name) => !String(name).includes("pgboss"))
      .sort(),
  ).toEqual(partial);
  expect(partial.length).toBeGreaterThan(8);
});
