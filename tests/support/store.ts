import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, beforeAll } from "vitest";
import type { Example } from "@/lib/core/example";
import type { Store } from "@/lib/core/store";
import { createStore } from "@/lib/store/store";
import { createTestDatabase, type TestDatabase } from "./database";

type Row = Record<string, unknown>;

/** A store on a database of its own for the tests of one file, and a way past it to look and to break things. */
export function useStore() {
  let database: TestDatabase | undefined;
  let opened: Store | undefined;
  let client: pg.Client | undefined;
  beforeAll(async () => {
    database = await createTestDatabase();
    opened = createStore(database.url);
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });
  afterAll(async () => {
    await opened?.close();
    await client?.end();
    await database?.drop();
  });
  const demand = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error("the store is opened before the first test of the file");
    return value;
  };
  return {
    get store() {
      return demand(opened);
    },
    get url() {
      return demand(database).url;
    },
    query: async (sql: string, values: unknown[] = []): Promise<Row[]> =>
      (await demand(client).query<Row>(sql, values)).rows,
  };
}

/** All examples of a dataset. */
export async function examplesIn(store: Store, datasetId: number): Promise<Example[]> {
  const examples: Example[] = [];
  for await (const example of store.datasets.stream(datasetId)) examples.push(example);
  return examples;
}

const invariantsFile = fileURLToPath(new URL("../../prisma/invariants.sql", import.meta.url));

/** The names of the rules of prisma/invariants.sql that do not hold, each with the rows that break it. */
export async function brokenRules(query: (sql: string) => Promise<Row[]>): Promise<Record<string, Row[]>> {
  const broken: Record<string, Row[]> = {};
  const parts = readFileSync(invariantsFile, "utf8").split(/;\s*$/m);
  for (const part of parts.filter((text) => /^select/m.test(text))) {
    const name = /-- ([a-z-]+): [^\n]*\nselect/.exec(part)?.[1] ?? part;
    const rows = await query(part);
    if (rows.length > 0) broken[name] = rows;
  }
  return broken;
}
