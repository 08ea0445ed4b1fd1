// npm run bench -- export [megabytes…]
import { fork } from "node:child_process";
import pg from "pg";
import { emptyCard } from "@/lib/core/dataset";
import { createStore } from "@/lib/store/store";
import { exportDataset, exportZip } from "@/lib/usecases/exports";
import { copyToFile } from "../support/raw-copy";

/**
 * A dataset out of the database: a folder and its plain rows, each in a process of its own, beside COPY (select json_agg …)
 * TO of the same examples in the same run, through a connection and by the server itself, in turn. The best of each is
 * compared; the worst first byte and peak count. Rates are bytes of stored examples per second, so that all are paid for the
 * same data.
 */
const MB = 1_000_000;
const ROUNDS = 3;
const parts = ["rows", "folder"] as const;
const [LEAST_RATIO, MOST_FIRST_MS, MOST_RSS_MB] = [0.7, 1000, 256];
const url = process.env.DATABASE_URL ?? "";

/** `restMb`: what the process held before it began: Node and Prisma's client, which a server holds anyway. */
type Measured = { ms: number; firstMs: number; bytes: number; restMb: number; rssMb: number };

/** In the child: one export read to its end, and the most memory it was seen to hold. */
async function exportHere(datasetId: number, what: string): Promise<Measured> {
  const store = createStore(url);
  // COPY is given an open connection as well.
  await store.datasets.get(datasetId);
  const restMb = process.memoryUsage.rss() / MB;
  let rss = 0;
  const watch = setInterval(() => (rss = Math.max(rss, process.memoryUsage.rss())), 20);
  const begin = performance.now();
  let [firstMs, bytes] = [0, 0];
  const stream =
    what === "folder"
      ? (await exportZip({ store }, datasetId, "openai")).body
      : (await exportDataset({ store }, datasetId, "openai", "rows")).bytes;
  for await (const chunk of stream) {
    if (bytes === 0) firstMs = performance.now() - begin;
    bytes += chunk.byteLength;
  }
  const ms = performance.now() - begin;
  clearInterval(watch);
  await store.close();
  return { ms, firstMs, bytes, restMb, rssMb: Math.max(rss, process.memoryUsage.rss()) / MB };
}

function inChild(datasetId: number, what: string): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, ["child", String(datasetId), what], {
      execArgv: process.execArgv,
    });
    child.on("message", (measured: Measured) => resolve(measured));
    child.on("exit", (code) => reject(new Error(`the export ended with ${code}`)));
  });
}

/** Examples made by the database itself, about 6 kB each: ten turns, every third masked. */
async function makeDataset(
  client: pg.Client,
  megabytes: number,
): Promise<{ datasetId: number; size: number }> {
  await client.query("begin");
  const { rows } = await client.query<{ id: number }>("select nextval('dataset_id_seq')::int as id");
  const datasetId = rows[0]?.id ?? 0;
  await client.query(
    `insert into dataset_example (dataset_id, example_index, kind, trajectory_id, example, split)
    select $1, i, 'eef', 1, json_build_object('kind', 'eef', 'environment', 'house', 'subtaskKey', 'house_' || i,
        'messages', (select json_agg(m order by n, part) from generate_series(0, 9) n, lateral (values
            (0, json_build_object('role', 'user', 'content', repeat(md5((i * 10 + n)::text) || ' “seen” ', 11), 'train', false)),
            (1, json_build_object('role', 'assistant', 'content', 'Thought:' || chr(10) || md5(n::text), 'train', n % 3 <> 1))
          ) x(part, m)), 'tools', null,
        'provenance', json_build_object('trajectory', md5(i::text), 'trajectoryId', 1, 'importantState', 0,
          'rollout', null, 'checkpoint', 'a', 'ruleVersion', 'eef-1', 'evidence', '[]'::json,
          'turns', (select json_agg(json_build_object('messageIndex', 2 * n + 1, 'source', 'expert', 'stepIndex', n,
            'verdict', 'beneficial', 'decision', 'approved', 'reviewer', 'Ada', 'train', n % 3 <> 1) order by n)
            from generate_series(0, 9) n)))::text, 'train'
    from generate_series(0, $2::int - 1) i`,
    [datasetId, Math.ceil((megabytes * MB) / 8000)],
  );
  await client.query(
    `insert into dataset (id, name, content_hash, review_policy, selection, card, example_count, person_id)
    select $1, 'bench ' || $1::int, 'h', 'approved', '{}', $2::jsonb, count(*), 1 from dataset_example where dataset_id = $1`,
    [datasetId, JSON.stringify(emptyCard("approved"))],
  );
  await client.query("commit");
  const size = await client.query<{ size: string }>(
    "select sum(octet_length(example)) as size from dataset_example where dataset_id = $1",
    [datasetId],
  );
  return { datasetId, size: Number(size.rows[0]?.size) };
}

const aggregated = (datasetId: number) =>
  `copy (select json_agg(e.example::json) from dataset_example e where dataset_id = ${datasetId}
    group by example_index / 500 order by example_index / 500)`;

/** Milliseconds of the same examples as JSON built and copied by the database alone, to nowhere. */
async function serverCopyMs(client: pg.Client, datasetId: number): Promise<number> {
  const begin = performance.now();
  await client.query(`${aggregated(datasetId)} to program 'cat > /dev/null'`);
  return performance.now() - begin;
}

/** Milliseconds of the same through a connection, as psql's \copy does it: what arrives is put into a file that is nowhere. */
async function clientCopyMs(client: pg.Client, datasetId: number): Promise<number> {
  const begin = performance.now();
  await copyToFile(client, aggregated(datasetId), "/dev/null");
  return performance.now() - begin;
}

async function main(): Promise<void> {
  const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [50, 250];
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`insert into person (name) values ('Ada') on conflict do nothing`);
  await client.query(`insert into environment (name) values ('house');`);
  await client.query(
    `insert into subtask (environment_id, subtask_key, instruction) select id, 'house_0', 'x' from environment`,
  );
  await client.query(`insert into trajectory (environment_id, subtask_id, source, success, reward, step_count, content_hash)
    select environment_id, id, 'expert', false, 0, 1, md5('a') || md5('b') from subtask`);
  let failed = false;
  for (const megabytes of sizes) {
    const { datasetId, size } = await makeDataset(client, megabytes);
    // What was just written is not yet on the disk; both are to find the same database.
    await client.query("vacuum analyze dataset_example");
    await client.query("checkpoint");
    const copies: Record<"client" | "server", number[]> = { client: [], server: [] };
    const rounds: Record<"rows" | "folder", Measured[]> = { rows: [], folder: [] };
    for (let round = 0; round < ROUNDS; round++) {
      copies.client.push(await clientCopyMs(client, datasetId));
      copies.server.push(await serverCopyMs(client, datasetId));
      for (const what of parts) rounds[what].push(await inChild(datasetId, what));
    }
    const [copied, alone] = [Math.min(...copies.client), Math.min(...copies.server)];
    for (const what of parts) {
      const least = (key: keyof Measured) => Math.min(...rounds[what].map((each) => each[key]));
      const most = (key: keyof Measured) => Math.max(...rounds[what].map((each) => each[key]));
      const [ms, bytes, firstMs, rssMb, restMb] = [
        least("ms"),
        least("bytes"),
        most("firstMs"),
        most("rssMb"),
        most("restMb"),
      ];
      const ratio = copied / ms;
      const met = ratio >= LEAST_RATIO && firstMs <= MOST_FIRST_MS && rssMb <= MOST_RSS_MB;
      failed ||= !met;
      console.log(
        `${(size / MB).toFixed(0)} MB ${what}: ${(size / MB / (ms / 1000)).toFixed(1)} MB/s of examples (${(bytes / MB).toFixed(0)} MB written), ` +
          `copy ${(size / MB / (copied / 1000)).toFixed(1)} MB/s, ratio ${ratio.toFixed(2)}, ${(alone / ms).toFixed(2)} of the server's own, first byte ${firstMs.toFixed(0)} ms, ` +
          `peak ${rssMb.toFixed(0)} MB (${restMb.toFixed(0)} before it began)${met ? "" : "  MISSED"}`,
      );
    }
  }
  await client.end();
  if (failed) process.exitCode = 1;
}

const [, , mode, id, what] = process.argv;
if (mode === "child") process.send?.(await exportHere(Number(id), what ?? ""), () => process.exit(0));
else await main();
