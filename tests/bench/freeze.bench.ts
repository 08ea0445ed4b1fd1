// FREEZE_TRAJECTORIES=2000 npm run bench -- freeze
import { createStore } from "@/lib/store/store";
import type { Store } from "@/lib/core/store";
import { curateDataset, DatasetInput } from "@/lib/usecases/datasets";
import { rebuildDataset } from "@/lib/usecases/dataset-rebuild";
import pg from "pg";
import { anEvidence, aRun, aStep, solved, trajectories, unsolved } from "../support/factories";

/**
 * Freezing, and making again, a dataset of mined failures with three looked-at states each, beside one statement per
 * table that only reads the rows it is made from, in the same run.
 */
const COUNT = Number(process.env.FREEZE_TRAJECTORIES ?? 2000);
const BATCH = 500;
const ROUNDS = 3;
const url = process.env.DATABASE_URL ?? "";

async function fill(store: Store): Promise<{ runId: number; trajectoryIds: number[] }> {
  const { runId } = await aRun(store, { origin: "imported" });
  const trajectoryIds: number[] = [];
  for (let from = 0; from < COUNT; from += BATCH) {
    const drafts = trajectories(Math.min(BATCH, COUNT - from), {}, from);
    const added = (await store.trajectories.add(drafts, null)).trajectoryIds;
    const steps = [aStep({}, 1), aStep({}, 2)];
    const evidence = added.flatMap((trajectoryId) =>
      [0, 2, 4].map((stateIndex) =>
        anEvidence({ trajectoryId, stateIndex, end: stateIndex === 0 ? unsolved : solved, steps }),
      ),
    );
    await store.rollouts.addEvidence(runId, evidence);
    trajectoryIds.push(...added);
  }
  return { runId, trajectoryIds };
}

/** Every row a dataset is made from, read once and thrown away: what no way of freezing can do without. */
async function readRows(client: pg.Client): Promise<void> {
  for (const table of ["trajectory", "step", "rollout", "rollout_step", "review", "run_trajectory"])
    await client.query(`select * from ${table}`);
}

async function measured<T>(name: string, work: () => Promise<T>): Promise<{ seconds: number; value: T }> {
  const [cpu, begin] = [process.cpuUsage(), performance.now()];
  const value = await work();
  const seconds = (performance.now() - begin) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const rate = Math.round(COUNT / seconds);
  console.log(
    `${name}: ${seconds.toFixed(2)} s, ${((user + system) / 1e6).toFixed(2)} CPU s, ${rate} trajectories/s`,
  );
  return { seconds, value };
}

const store = createStore(url);
const client = new pg.Client({ connectionString: url });
await client.connect();
const { runId, trajectoryIds } = await fill(store);
await client.query("analyze");
const { personId } = await store.people.ensure("Ada");
const best = { read: Infinity, frozen: Infinity, rebuilt: Infinity };
for (let round = 0; round < ROUNDS; round++) {
  const input = DatasetInput.parse({
    ...{ name: "bench", selection: { trajectoryIds }, reviewPolicy: "not_vetoed" },
    runId: round % 2 === 0 ? runId : null,
  });
  const read = await measured("rows read", () => readRows(client));
  const frozen = await measured(`frozen${input.runId === null ? ", newest runs" : ""}`, () =>
    curateDataset({ store }, personId, input),
  );
  const rebuilt = await measured("rebuilt", () => rebuildDataset({ store }, frozen.value.datasetId));
  if (!rebuilt.value.identical || frozen.value.exampleCount < COUNT) throw new Error("not what was meant");
  best.read = Math.min(best.read, read.seconds);
  best.frozen = Math.min(best.frozen, frozen.seconds);
  best.rebuilt = Math.min(best.rebuilt, rebuilt.seconds);
}
const times = (seconds: number) => (seconds / best.read).toFixed(1);
console.log(
  `best of ${ROUNDS} rounds, ${COUNT} trajectories: freezing takes ${times(best.frozen)} times as long as reading the rows, ` +
    `making it again ${times(best.rebuilt)} times`,
);
await client.end();
await store.close();
