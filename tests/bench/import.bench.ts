// COUNT=1000000 npm run bench -- import
// COUNT trajectories (20,000) of STEPS steps (15) are imported twice over (other ones the second time), as JSONL from a
// file, and the rows of the first half are copied into tables like theirs (not with COPIES=0): through a connection, as
// psql's \copy does, and by the server itself from a file. Each of these is a process of its own, so that its peak of
// memory is its own and nothing else runs in it.
import { fork } from "node:child_process";
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
import { copyFile } from "../support/raw-copy";

const MB = 1_000_000;
const LEAST_RATIO = 0.7;
const MOST_OF_FIRST = 1.2;
const count = Number(process.env.COUNT ?? 20_000);
const steps = Number(process.env.STEPS ?? 15);
const url = process.env.DATABASE_URL ?? "";
const defaults = Defaults.parse({});
const tables = ["trajectory", "step", "trajectory_text"];
const rows = count * (steps + 1);

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

const jsonl = (folder: string, half: number) => path.join(folder, `${half}.jsonl`);
const dumped = (folder: string, table: string) => path.join(folder, `${table}.tsv`);

/** `restMb`: what the process held before it began: Node and Prisma's client, which a server holds anyway. */
type Measured = { seconds: number; busySeconds: number; restMb: number; peakMb: number };

async function measured(work: () => Promise<unknown>): Promise<Measured> {
  const restMb = process.memoryUsage.rss() / MB;
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 100);
  const before = process.cpuUsage();
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(before);
  clearInterval(watch);
  const peakMb = Math.max(peak, process.memoryUsage.rss()) / MB;
  return { seconds, busySeconds: (user + system) / 1e6, restMb, peakMb };
}

/** What is done in a process of its own. */
const parts: Record<string, (folder: string, given: string) => Promise<Measured>> = {
  write: (folder) =>
    measured(async () => {
      for (const half of [0, 1])
        await pipeline(Readable.from(lines(half)), createWriteStream(jsonl(folder, half)));
    }),
  read: (folder) =>
    measured(async () => {
      let read = 0;
      for await (const record of readRecords(createReadStream(jsonl(folder, 0)), { defaults }))
        read += record.ok ? 1 : 0;
      if (read !== count) throw new Error(`${read} of ${count} understood`);
    }),
  async import(folder, half) {
    const store = createStore(url);
    const { personId } = await store.people.ensure("bench");
    const file = jsonl(folder, Number(half));
    const about = { kind: "trajectories" as const, fileName: path.basename(file), format: null, defaults };
    const result = await measured(async () => {
      const { importId } = await beginImport({ store }, personId, about);
      const row = await storeTrajectories({ store }, importId, createReadStream(file), { defaults });
      if (row.stored !== count) throw new Error(`${row.stored} of ${count} stored`);
    });
    await store.close();
    return result;
  },
  async copy(folder, how) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const result = await measured(async () => {
      for (const table of tables)
        await (how === "client"
          ? copyFile(client, `copied.${table}`, dumped(folder, table))
          : client.query(`copy copied.${table} from '${dumped(folder, table)}'`));
    });
    await client.end();
    return result;
  },
};

function inChild(part: string, folder: string, given = ""): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, [part, folder, given], { execArgv: process.execArgv });
    let result: Measured | null = null;
    child.on("message", (message: Measured) => (result = message));
    child.on("exit", (code) =>
      result === null ? reject(new Error(`“${part}” ended with ${code}`)) : resolve(result),
    );
  });
}

const say = (name: string, { seconds }: Measured, note = "") =>
  console.log(
    `${name.padEnd(62)} ${seconds.toFixed(2).padStart(8)} s ${Math.round(rows / seconds)
      .toLocaleString("en")
      .padStart(10)} rows/s  ${note}`,
  );

const memory = ({ restMb, peakMb }: Measured) =>
  `peak ${peakMb.toFixed(0)} MB (${restMb.toFixed(0)} before it began, ${(peakMb - restMb).toFixed(0)} above that)`;

/** Empty tables as ours are stored, beside ours. */
async function makeCopies(client: pg.Client, like: string, keys: boolean): Promise<void> {
  await client.query("drop schema if exists copied cascade; create schema copied; checkpoint");
  for (const table of tables) {
    await client.query(`create table copied.${table} (like ${table} including storage ${like})`);
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
}

const same = "including indexes including constraints";
/** The first is what counts: the same rows, checked as ours are, over a connection. */
const copies = [
  { name: "\\copy of the same rows, same indexes and foreign keys", like: same, keys: true, how: "client" },
  { name: "\\copy of the same rows, same indexes", like: same, keys: false, how: "client" },
  { name: "\\copy of the same rows, no index", like: "", keys: false, how: "client" },
  { name: "copy by the server, same indexes and foreign keys", like: same, keys: true, how: "server" },
  { name: "copy by the server, same indexes", like: same, keys: false, how: "server" },
];

async function main(): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const folder = await mkdtemp(path.join(tmpdir(), "gleaner-bench-import-"));
  await chmod(folder, 0o777);
  await inChild("write", folder);
  const bytes = (await stat(jsonl(folder, 0))).size;
  const rate = ({ seconds }: Measured) => `${(bytes / MB / seconds).toFixed(0)} MB/s`;
  console.log(`${count} trajectories of ${steps} steps, ${(bytes / MB).toFixed(0)} MB of JSONL, twice`);

  const reading = await inChild("read", folder);
  say("read and validate only", reading, `${rate(reading)}, ${memory(reading)}`);
  const first = await inChild("import", folder, "0");
  const busy = (each: Measured) =>
    `${rate(each)}, ${each.busySeconds.toFixed(2)} s of processor time in this process, ${memory(each)}`;
  say("import, into an empty workspace", first, busy(first));

  let ratio: number | null = null;
  if (process.env.COPIES !== "0") {
    for (const table of tables) await client.query(`copy ${table} to '${dumped(folder, table)}'`);
    for (const { name, like, keys, how } of copies) {
      await makeCopies(client, like, keys);
      const copying = await inChild("copy", folder, how);
      const found = copying.seconds / first.seconds;
      if (keys && how === "client") ratio = found;
      say(name, copying, `import/copy = ${found.toFixed(2)}`);
    }
    await client.query("drop schema copied cascade");
  }
  await client.query("checkpoint");
  const second = await inChild("import", folder, "1");
  const growth = second.seconds / first.seconds;
  say("import, as many again", second, `second/first = ${growth.toFixed(2)}, ${busy(second)}`);
  await rm(folder, { recursive: true, force: true });
  await client.end();
  const missed = [
    ...(ratio !== null && ratio < LEAST_RATIO ? [`${ratio.toFixed(2)} of \\copy, not ${LEAST_RATIO}`] : []),
    ...(growth > MOST_OF_FIRST ? [`${growth.toFixed(2)} of the first, not ${MOST_OF_FIRST}`] : []),
  ];
  for (const each of missed) console.log(`MISSED: ${each}`);
  if (missed.length > 0) process.exitCode = 1;
}

const [, , part, folder = "", given = ""] = process.argv;
if (part === undefined) await main();
else {
  const result = await parts[part]?.(folder, given);
  process.send?.(result, () => process.exit(0));
}
