// npm run bench -- import           or, on a migrated, empty database of its own:
// COUNT=1000000 DATABASE_URL=… npx tsx tests/bench/import.bench.ts
// COUNT trajectories (20,000) of STEPS steps (15) are imported twice over (other ones the second time), as JSONL from a
// file, and the rows of the first half are copied by the server itself into tables like theirs (not with COPIES=0).
// Another process writes the file, so that the peak of memory is the import's.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { chmod, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { readRecords } from "@/lib/importers/registry";
import { createStore } from "@/lib/store/store";
import { beginImport, Defaults } from "@/lib/usecases/imports";
import { storeTrajectories } from "@/lib/usecases/store-trajectories";
import { numbersFrom } from "../support/factories";

const count = Number(process.env.COUNT ?? 20_000);
const steps = Number(process.env.STEPS ?? 15);
const url = process.env.DATABASE_URL ?? "";

const words = Array.from({ length: 20_000 }, (_, index) => `word${index.toString(36)}`);
/** Words drawn by rank, the first far more often than the last, as in a language. */
function sentence(random: () => number, length: number): string {
  return Array.from({ length }, () => words[Math.floor(20_000 ** random()) % words.length]).join(" ");
}

function* lines(half: number): Generator<string> {
  const random = numbersFrom(half + 1);
  for (let i = 0; i < count; i += 1) {
    const n = half * count + i;
    const said = Array.from({ length: steps }, (_, index) => {
      return {
        observation: `Page ${index} of ${n}: ${sentence(random, 40)}`,
        thought: sentence(random, 12),
        action: `click[${sentence(random, 1)}]`,
        reward: 0,
      };
    });
    const about = { environment: `environment ${n % 8}`, subtaskKey: `task_${n % (count / 2)}` };
    const named = { instruction: `Find ${n % (count / 2)}`, model: "gpt-4", externalId: `episode ${n}` };
    const outcome = { source: "expert", reward: (n % 3) / 2 };
    yield `${JSON.stringify({ format: "gleaner/1", ...about, ...named, ...outcome, steps: said })}\n`;
  }
}

const [asked, given] = process.argv.slice(2);
if (asked === "write" && given !== undefined) {
  for (const half of [0, 1])
    await pipeline(Readable.from(lines(half)), createWriteStream(path.join(given, `${half}.jsonl`)));
  process.exit();
}

const store = createStore(url);
const client = new pg.Client({ connectionString: url });
await client.connect();
const folder = await mkdtemp(path.join(tmpdir(), "gleaner-bench-import-"));
await chmod(folder, 0o777);
const defaults = Defaults.parse({});

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

const say = (name: string, seconds: number, note = "") =>
  console.log(
    `${name.padEnd(58)} ${seconds.toFixed(2).padStart(8)} s ${Math.round(rows / seconds)
      .toLocaleString("en")
      .padStart(10)} rows/s  ${note}`,
  );

const rows = count * (steps + 1);
const files = [0, 1].map((half) => path.join(folder, `${half}.jsonl`));
const writing = ["--import", "tsx", import.meta.filename, "write", folder];
await once(spawn(process.execPath, writing, { stdio: "inherit" }), "exit");
const bytes = (await stat(files[0] ?? "")).size;
console.log(`${count} trajectories of ${steps} steps, ${(bytes / 1e6).toFixed(0)} MB of JSONL, twice`);

const { personId } = await store.people.ensure("bench");
async function imported(file: string): Promise<void> {
  const about = { kind: "trajectories" as const, fileName: path.basename(file), format: null, defaults };
  const { importId } = await beginImport({ store }, personId, about);
  const row = await storeTrajectories({ store }, importId, createReadStream(file), { defaults });
  if (row.stored !== count) throw new Error(`${row.stored} of ${count} stored`);
}

let read = 0;
const reading = await timed(async () => {
  for await (const record of readRecords(createReadStream(files[0] ?? ""), { defaults }))
    read += record.ok ? 1 : 0;
});
say("read and validate only", reading, `${read} understood, ${(bytes / 1e6 / reading).toFixed(0)} MB/s`);
const before = process.cpuUsage();
const first = await timed(() => imported(files[0] ?? ""));
const { user, system } = process.cpuUsage(before);
const busy = `${((user + system) / 1e6).toFixed(2)} s of it busy in this process, the rest waiting for the database`;
say("import, into an empty workspace", first, `${(bytes / 1e6 / first).toFixed(0)} MB/s, ${busy}`);

const tables = ["trajectory", "step", "trajectory_text"];
const dumped = (table: string) => path.join(folder, `${table}.tsv`);
for (const table of tables) await client.query(`copy ${table} to '${dumped(table)}'`);
const likenesses = [
  { name: "no index", like: "", keys: false },
  { name: "the same indexes", like: "including indexes including constraints", keys: false },
  { name: "the same indexes and foreign keys", like: "including indexes including constraints", keys: true },
];
for (const { name, like, keys } of process.env.COPIES === "0" ? [] : likenesses) {
  await client.query("drop schema if exists copied cascade; create schema copied");
  for (const table of tables) {
    await client.query(`create table copied.${table} (like ${table} ${like})`);
    const found = await client.query<{ line: string }>(
      "select pg_get_constraintdef(oid) as line from pg_constraint where conrelid = $1::regclass and contype = 'f'",
      [table],
    );
    if (keys)
      for (const { line } of found.rows)
        await client.query(
          `alter table copied.${table} add ${line.replace("REFERENCES trajectory(", "REFERENCES copied.trajectory(")}`,
        );
  }
  const copying = await timed(async () => {
    for (const table of tables) await client.query(`copy copied.${table} from '${dumped(table)}'`);
  });
  say(`copy of the same rows, ${name}`, copying, `import/copy = ${(copying / first).toFixed(2)}`);
}
await client.query("drop schema if exists copied cascade; checkpoint");
const second = await timed(() => imported(files[1] ?? ""));
say("import, as many again", second, `second/first = ${(second / first).toFixed(2)}`);
console.log(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);

await rm(folder, { recursive: true, force: true });
await client.end();
await store.close();
