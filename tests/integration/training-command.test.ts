import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, it } from "vitest";
import { policies } from "@/lib/policies/registry";
import {
  cancelTraining,
  putTrainingProvider,
  registerTraining,
  trainingView,
} from "@/lib/usecases/trainings";
import { useStore } from "../support/store";
import { aDataset, useTraining } from "../support/training";

const db = useStore();
const training = useTraining(db);
const script = (name: string) => path.join(training.data, `${name}.mjs`);
const folderOf = ({ key }: { key: string }) => path.join(training.data, "trainings", key);

/** Trainers that do what they are named for, in the run folder they are started in. */
const trainers = {
  good: `import { readFileSync } from "node:fs";
    const { settings, files } = JSON.parse(readFileSync("training.json", "utf8"));
    console.log(readFileSync(files[0].file, "utf8").trim().split("\\n").length + " rows for " + settings.model);
    console.log("secrets: " + Object.keys(process.env).filter((name) => /GLEANER|DATABASE/.test(name)).join());
    for (let step = 1; step <= 5; step++) console.log(JSON.stringify({ loss: 1 / step, step, max_steps: 5 }));
    console.error("{'eval_loss': 0.125, 'epoch': 1.0}");`,
  bad: `console.log("{'loss': 3.5}"); console.error("out of memory"); process.exit(3);`,
  stubborn: `process.on("SIGTERM", () => console.log("no")); console.log("{'loss': 9}"); setInterval(() => {}, 1000);`,
  hostile: `const wild = "\\u001b[2J\\u0000<script>alert(1)</script>{'loss': 1e999}";
    for (let i = 0; i < 40000; i++) console.log(wild + "x".repeat(100));
    process.stdout.write("{'loss': 0.25}" + "y".repeat(300000) + "\\n");
    console.log("{'loss': 0.5}");`,
};

beforeAll(() => {
  for (const [name, text] of Object.entries(trainers)) writeFileSync(script(name), text);
  const commands = Object.keys(trainers).map((name) => [name, [process.execPath, script(name)]]);
  training.allow({ ...Object.fromEntries(commands), missing: ["/nowhere/at/all"] });
});

const started = async (command: string | null, config: Record<string, unknown> = {}) => {
  const { providerId } = await training.provider("command", { command, ...config }, "sk-served");
  const { datasetId } = await aDataset(db.store, 6, true);
  return training.start(providerId, { datasetId });
};

it("starts a command in the run folder, follows its losses, and registers what the operator serves", async () => {
  const endpoint = { baseURL: "http://127.0.0.1:9000/v1", model: "served-1" };
  const row = await started("good", { endpoint });
  const done = await training.until(row.trainingId, 200, 50);
  expect(done).toMatchObject({
    state: "succeeded",
    phase: "exit code 0",
    checkpoint: "served-1",
    policy: "served-1",
  });
  expect(done.logTail).toContain("4 rows for small-1");
  expect(done.logTail).toContain("secrets: \n");
  const { losses } = await trainingView(db, row.trainingId);
  expect(losses.map(({ step, loss }) => [step, loss])).toEqual(
    [1, 2, 3, 4, 5].map((step) => [step, 1 / step]),
  );
  expect(losses[4]?.validLoss).toBe(0.125);
  expect(done.totalSteps).toBe(5);
  expect(await db.store.policies.secret(done.policyId ?? 0)).toBe("sk-served");
  const lines = readFileSync(path.join(folderOf(row), "validation.jsonl"), "utf8")
    .trim()
    .split("\n");
  expect(lines).toHaveLength(2);
  expect(existsSync(path.join(folderOf(row), "train.provenance.jsonl"))).toBe(true);
});

it("writes the folder and starts nothing where no command is chosen; a person says where it is served", async () => {
  const { trainingId, key } = await started(null);
  const done = await training.until(trainingId, 3);
  expect(done).toMatchObject({
    state: "succeeded",
    phase: "folder written",
    checkpoint: null,
    policyId: null,
  });
  expect(existsSync(path.join(folderOf({ key }), ".run"))).toBe(false);
  const serving = {
    trainingId,
    name: "by hand",
    baseURL: "http://127.0.0.1:9000/v1",
    model: "mine-2",
    secret: "sk-2",
  };
  const deps = { store: db.store, policies };
  await expect(
    registerTraining(deps, { ...serving, baseURL: "http://169.254.169.254/" }),
  ).rejects.toMatchObject({
    code: "invalid_input",
  });
  expect(await registerTraining(deps, serving)).toMatchObject({ checkpoint: "mine-2", policy: "by hand" });
  await expect(registerTraining(deps, serving)).rejects.toMatchObject({ code: "conflict" });
});

it("says how a command failed, or why it could not be started", async () => {
  const failed = await training.until((await started("bad")).trainingId, 200, 50);
  expect(failed).toMatchObject({
    state: "failed",
    errorMessage: "the command ended with exit code 3",
    step: 1,
  });
  expect(failed.logTail).toContain("out of memory");
  const missing = await training.until((await started("missing")).trainingId, 200, 50);
  expect(missing.errorMessage).toContain("could not be started: ENOENT");
});

it("starts only what the operator allows, and never what a page sends", async () => {
  const put = (config: Record<string, unknown>) =>
    putTrainingProvider(db, { name: "other", kind: "command", config });
  await expect(put({ command: "rm -rf /" })).rejects.toMatchObject({ code: "invalid_input" });
  await expect(put({ command: ["sh", "-c", "true"] })).rejects.toMatchObject({ code: "invalid_input" });
  await expect(put({ command: "__proto__" })).rejects.toMatchObject({ code: "invalid_input" });
  await expect(put({ format: "nothing" })).rejects.toMatchObject({ code: "invalid_input" });
});

it("ends a command that will not end", async () => {
  const { trainingId } = await started("stubborn", { killAfterMs: 300 });
  const step = async () => (
    await training.until(trainingId, 1),
    (await db.store.trainings.get(trainingId)).step
  );
  await expect.poll(step, { timeout: 10_000 }).toBe(1);
  await cancelTraining({ store: db.store, queue: training.queue }, trainingId);
  const done = await training.until(trainingId, 200, 50);
  expect(done).toMatchObject({ state: "cancelled", phase: "signal SIGKILL" });
});

it("keeps little of a hostile log, as text, and finds the losses in it", async () => {
  const row = await training.until((await started("hostile")).trainingId, 300, 50);
  expect(row.state).toBe("succeeded");
  expect(row.logTail?.length).toBeLessThanOrEqual(16_000);
  expect(row.logTail).not.toContain("\0");
  const { losses } = await trainingView(db, row.trainingId);
  expect(losses.map(({ loss }) => loss)).toEqual([0.25, 0.5]);
  const { rows } = await db.store.trainings.events(row.trainingId, null, 100);
  expect(rows.length).toBeLessThan(10);
});

it("is lost honestly where its runner is gone", async () => {
  const { trainingId, key } = await started("stubborn", { killAfterMs: 100 });
  const stop = new AbortController();
  await training.look(trainingId, db.store, stop.signal);
  stop.abort();
  const folder = folderOf({ key });
  await training.until(trainingId, 1);
  expect(await db.store.trainings.get(trainingId)).toMatchObject({
    state: "running",
    phase: expect.stringMatching(/^process \d+$/),
  });
  // As if nobody had beaten for long: the state is the last that was heard.
  writeFileSync(path.join(folder, ".run", "cancel"), "");
  await expect
    .poll(() => readFileSync(path.join(folder, ".run", "state.json"), "utf8"), { timeout: 10_000 })
    .toMatch(/SIG(KILL|TERM)/);
  const silent = { pid: 1, error: null, exit: null, beatAt: Date.now() - 60_000 };
  writeFileSync(path.join(folder, ".run", "state.json"), JSON.stringify(silent));
  const lost = await training.until(trainingId, 2);
  expect(lost).toMatchObject({ state: "failed", errorCode: "training_failed" });
  expect(lost.errorMessage).toContain("process 1 was lost");
});

it("writes the run folder again where it is not whole", async () => {
  const { trainingId, key } = await started("good");
  const folder = folderOf({ key });
  await training.look(trainingId);
  const before = readFileSync(path.join(folder, "train.jsonl"), "utf8");
  await training.until(trainingId, 200, 50);
  await db.query(
    `update training set state = 'uploading', remote_id = null, train_file = null, finished_at = null, checkpoint = null,
      policy_id = null where id = $1`,
    [trainingId],
  );
  rmSync(path.join(folder, "train.jsonl"));
  await training.until(trainingId, 1);
  expect(readFileSync(path.join(folder, "train.jsonl"), "utf8")).toBe(before);
});
