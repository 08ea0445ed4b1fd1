import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { createStore } from "@/lib/store/store";
import { doom, pardon, type Death } from "../support/crash-point";
import { died, openWorkers } from "../support/spawned-workers";
import { brokenRules, useStore } from "../support/store";
import { aDataset, useTraining } from "../support/training";

const db = useStore();
const training = useTraining(db);

it("uploads once and begins once, at whatever statement a worker dies", async () => {
  const server = await training.server();
  const { providerId } = await training.provider("openai", { baseURL: server.baseURL });
  const { datasetId } = await aDataset(db.store, 12, true);
  /** One worker that dies there, and one that takes over. */
  const round = async (name: string, death: Death | null) => {
    const { trainingId, key } = await training.start(providerId, { datasetId });
    const url = new URL(db.url);
    url.searchParams.set("application_name", name);
    const doomed = doom(name, death);
    const mine = createStore(url.href);
    try {
      await training.look(trainingId, mine);
    } catch (error) {
      if (!doomed.dead) throw error;
    } finally {
      await mine.close().catch(() => undefined);
      pardon(name);
    }
    await training.until(trainingId, 2);
    const files = server.files.filter(({ filename }) => filename.includes(key)).length;
    const jobs = server.jobs.filter(({ body }) => body.metadata?.["gleaner_training"] === key).length;
    const { state } = await db.store.trainings.get(trainingId);
    return { statements: doomed.statements, outcome: `${files} files, ${jobs} jobs, ${state}` };
  };
  const { statements, outcome } = await round("undisturbed", null);
  expect(outcome).toBe("2 files, 1 jobs, running");
  expect(statements.length).toBeGreaterThan(15);
  const wrong: Record<string, string> = {};
  for (const when of ["before", "after"] as const)
    for (let at = 0; at < statements.length; at++) {
      const { outcome: found } = await round(`dies-${when}-${at}`, { at, when });
      if (found !== outcome) wrong[`${when} ${at} ${statements[at]}`] = found;
    }
  expect(wrong).toEqual({});
  expect(await brokenRules(db.query)).toEqual({});
}, 300_000);

it("a trainer goes on when its worker is killed, and another worker sees it through", async () => {
  const go = path.join(training.data, "go");
  const script = path.join(training.data, "patient.mjs");
  writeFileSync(
    script,
    `import { existsSync } from "node:fs";
    console.log('{"loss": 2, "step": 1}');
    const timer = setInterval(() => {
      if (!existsSync(process.argv[2])) return;
      console.log('{"loss": 1, "step": 2}');
      clearInterval(timer);
    }, 50);`,
  );
  training.allow({ patient: [process.execPath, script, go] });
  const endpoint = { baseURL: "http://127.0.0.1:9000/v1", model: "patient-1" };
  const { providerId } = await training.provider("command", { command: "patient", endpoint });
  const { trainingId } = await training.start(providerId);
  const workers = openWorkers(db.url, { leaseMs: 1500, sweepMs: 100 });
  const step = async () => (await db.store.trainings.get(trainingId)).step;
  try {
    const first = workers.start();
    await expect.poll(step, { timeout: 30_000 }).toBe(1);
    first.kill("SIGKILL");
    await died(first);
    writeFileSync(go, "");
    workers.start();
    await expect
      .poll(async () => (await db.store.trainings.get(trainingId)).state, { timeout: 30_000 })
      .toBe("succeeded");
  } finally {
    workers.close();
  }
  expect(await db.store.trainings.losses(trainingId, 10)).toEqual([
    { step: 1, loss: 2, validLoss: null },
    { step: 2, loss: 1, validLoss: null },
  ]);
  expect(await db.store.trainings.get(trainingId)).toMatchObject({
    phase: "exit code 0",
    policy: "patient-1",
  });
});
