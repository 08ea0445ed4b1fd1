#!/usr/bin/env node
// Prisma's command line downloads a native schema engine before every command, which fails offline. This program
// answers the same arguments and the same JSON-RPC over stdio from the WebAssembly build of that engine, which npm
// ships, talking to Postgres through node-postgres. `prisma.config.ts` names it as the engine.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { PrismaPg } from "@prisma/adapter-pg";
import {
  ColumnTypeEnum,
  DriverAdapterError,
  bindMigrationAwareSqlAdapterFactory,
} from "@prisma/driver-adapter-utils";
import pg from "pg";

const wasmGlue = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm");

if (process.argv.includes("--version")) {
  const { version } = JSON.parse(readFileSync(new URL("package.json", pathToFileURL(wasmGlue)), "utf8"));
  console.log(`schema-engine-cli ${version.split(".").pop()}`);
  process.exit(0);
}

const { values, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: {
    datasource: { type: "string" },
    datamodels: { type: "string", multiple: true },
    "enabled-preview-features": { type: "string" },
    "extension-types": { type: "string" },
  },
});
const datasource = JSON.parse(values.datasource ?? "{}");
const url = datasource.url ?? "postgresql://localhost/postgres";

const errorCodes = {
  "3D000": "P1003",
  "28P01": "P1000",
  "42P04": "P1009",
  ECONNREFUSED: "P1001",
  ENOTFOUND: "P1001",
};

// Explicit fields, never `connectionString`: in node-postgres the string wins over `database`, which would make
// the shadow database the real one.
function connectionOptions(from, database) {
  const address = new URL(from);
  const sslMode = address.searchParams.get("sslmode");
  const encrypted = sslMode && !["disable", "prefer"].includes(sslMode);
  return {
    host: address.searchParams.get("host") ?? decodeURIComponent(address.hostname),
    port: Number(address.port || 5432),
    user: decodeURIComponent(address.username),
    password: decodeURIComponent(address.password),
    database: database ?? decodeURIComponent(address.pathname.slice(1)),
    max: 1,
    ...(encrypted && { ssl: { rejectUnauthorized: sslMode.startsWith("verify") } }),
  };
}

async function runOnce(options, sql) {
  const client = new pg.Client(options);
  await client.connect();
  try {
    if (sql) await client.query(sql);
  } finally {
    await client.end();
  }
}

const CATALOGUE_CHAR = 18;
const TEXT = 25;

// The driver adapter knows no type for the catalogue's "char", which the engine reads as a character: such a column
// passes as text and is labelled afterwards.
let characterColumns = [];
function passCharacters(answer) {
  characterColumns = [];
  for (const result of [answer].flat())
    result?.fields?.forEach((field, index) => {
      if (field.dataTypeID !== CATALOGUE_CHAR) return;
      field.dataTypeID = TEXT;
      characterColumns.push(index);
    });
  return answer;
}
class Client extends pg.Client {
  query(...args) {
    const answer = super.query(...args);
    return typeof answer?.then === "function" ? answer.then(passCharacters) : answer;
  }
}
function labelCharacters(queryable) {
  const queryRaw = queryable.queryRaw.bind(queryable);
  queryable.queryRaw = async (sql) => {
    characterColumns = [];
    const rows = await queryRaw(sql);
    for (const index of characterColumns) rows.columnTypes[index] = ColumnTypeEnum.Character;
    return rows;
  };
  return queryable;
}

function asAdapterError(error) {
  if (!error.severity) return error;
  const { code, severity, message, detail, column, hint } = error;
  return new DriverAdapterError({
    kind: "postgres",
    ...{ code, severity, message, detail, column, hint },
    originalCode: code,
    originalMessage: message,
  });
}

async function connectAdapter(options) {
  const pool = new pg.Pool({ ...options, Client });
  pool.query = async (...args) => {
    const client = await pool.connect();
    try {
      return await client.query(...args);
    } finally {
      client.release();
    }
  };
  const schema = new URL(url).searchParams.get("schema") ?? undefined;
  const adapter = labelCharacters(await new PrismaPg(pool, { schema, disposeExternalPool: true }).connect());
  const startTransaction = adapter.startTransaction.bind(adapter);
  adapter.startTransaction = async (level) => labelCharacters(await startTransaction(level));
  // The adapter splits scripts at every semicolon, which breaks function bodies: send them whole.
  adapter.executeScript = async (script) => {
    try {
      await pool.query(script);
    } catch (error) {
      throw asAdapterError(error);
    }
  };
  return adapter;
}

const factory = {
  provider: "postgres",
  adapterName: "@prisma/adapter-pg",
  connect: () => connectAdapter(connectionOptions(url)),
  async connectToShadowDb() {
    if (datasource.shadowDatabaseUrl) return connectAdapter(connectionOptions(datasource.shadowDatabaseUrl));
    const name = `prisma_migrate_shadow_db_${crypto.randomUUID()}`;
    await runOnce(connectionOptions(url), `CREATE DATABASE "${name}"`);
    const adapter = await connectAdapter(connectionOptions(url, name));
    const dispose = adapter.dispose.bind(adapter);
    adapter.dispose = async () => {
      await dispose();
      await runOnce(connectionOptions(url), `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
    };
    return adapter;
  },
};

async function answerDatabaseCommand(command) {
  const { database } = connectionOptions(url);
  try {
    if (command === "create-database") {
      const server = connectionOptions(url, "postgres");
      await runOnce(server, `CREATE DATABASE ${pg.escapeIdentifier(database)}`);
    } else await runOnce(connectionOptions(url));
    process.exit(0);
  } catch (error) {
    const log = (level, fields) =>
      console.error(JSON.stringify({ level, target: "schema_engine::logger", fields }));
    log("INFO", { message: "cli" }); // the caller drops the first line
    log("ERROR", { message: error.message || error.code, error_code: errorCodes[error.code] ?? "P1011" });
    process.exit(1);
  }
}
if (positionals[0] === "cli") await answerDatabaseCommand(positionals[1]);

const panic = {
  message: "",
  set_message(text) {
    this.message = text;
  },
};
globalThis.PRISMA_WASM_PANIC_REGISTRY = panic;
process.on("uncaughtException", (error) => {
  console.error(panic.message || error.stack);
  process.exit(101);
});

const glue = await import("@prisma/schema-engine-wasm/schema_engine_bg");
const wasm = readFileSync(wasmGlue.replace(/\.js$/, "_bg.wasm"));
const { instance } = await WebAssembly.instantiate(wasm, { "./schema_engine_bg.js": glue });
glue.__wbg_set_wasm(instance.exports);
instance.exports.__wbindgen_start();

let engine;
async function startEngine() {
  // An empty list panics inside the engine; undefined means "no schema".
  const datamodels = values.datamodels?.map((file) => [file, readFileSync(file, "utf8")]);
  engine ??= await glue.SchemaEngine.new(
    { datamodels },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(factory),
  );
  return engine;
}

const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);

async function call(method, params) {
  const started = await startEngine();
  if (method === "getDatabaseVersion") return started.version(params);
  if (method === "diff") {
    const { stdout, exitCode } = await started.diff(params);
    if (stdout != null) send({ id: "print", method: "print", params: { content: stdout } });
    return { exitCode, stdout: null };
  }
  // These replay the history only from the engine's cache, which `devDiagnostic` fills and `applyMigrations` clears.
  if (method === "evaluateDataLoss" || method === "createMigration")
    await started.devDiagnostic({ migrationsList: params.migrationsList, filters: params.filters });
  return (await started[method](params)) ?? {};
}

function asRpcError(error) {
  const isPanic = error?.name === "RuntimeError";
  const message = isPanic ? panic.message : error?.message || String(error);
  const code = errorCodes[error?.code] ?? error?.code ?? null;
  return {
    code: 4466,
    message: "see data",
    data: { is_panic: isPanic, message, meta: null, error_code: code },
  };
}

let queue = Promise.resolve();
createInterface({ input: process.stdin })
  .on("line", (line) => {
    const { id, method, params } = JSON.parse(line);
    if (!method) return; // the answer to a `print`
    queue = queue.then(async () => {
      try {
        send({ id, result: await call(method, params) });
      } catch (error) {
        send({ id, error: asRpcError(error) });
      }
    });
  })
  .on("close", () => queue.then(() => process.exit(0)));
