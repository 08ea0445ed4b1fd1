import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { exporterFor } from "@/lib/exporters/registry";
import { NO_TRAINER, proofs, writeFolder } from "./folders";

/**
 * Proves every trainer's folder with the trainer itself, and that its check fails when the folder is broken.
 * `npm run proofs` gives it the folder of the trainers' Python environments.
 */

type Job = { folder: string; title: string; isBroken: boolean };
type Answer = { folder: string; exit: number; said: string; seconds: number };

const trainers = process.env.GLEANER_TRAINERS ?? "";
const wanted = process.argv.slice(2);
const python = (trainer: string) =>
  trainer === NO_TRAINER ? "python3" : path.join(trainers, trainer, "bin", "python");

/** A check's own last word: `✓ 9 of 9 lines …`, `✗ 8 of 9 lines …` or `✗ of 9 lines the trainer kept 7 …`. A crash has none. */
const verdicts = { holds: /^✓ \d+ of \d+ lines /, broken: /^✗ (\d+ )?of \d+ lines / };
const since = performance.now();
let failed = 0;

const say = (line: string) => process.stdout.write(`${line}\n`);
const seconds = () => `${((performance.now() - since) / 1000).toFixed(0)} s`;

async function foldersOf(format: string, root: string): Promise<Job[]> {
  const good = path.join(root, format);
  await writeFolder(exporterFor(format), good);
  const broken: Job[] = [];
  for (const [index, each] of (proofs[format]?.breaks ?? []).entries()) {
    const folder = path.join(root, `${format}-${index}`);
    cpSync(good, folder, { recursive: true });
    await each.change(folder);
    broken.push({ folder, title: `${format}, ${each.name}`, isBroken: true });
  }
  return [{ folder: good, title: format, isBroken: false }, ...broken];
}

async function runChecks(trainer: string, modules: string, jobs: Job[]): Promise<Answer[]> {
  const args = [path.resolve("tests", "proofs", "each.py"), modules, ...jobs.map(({ folder }) => folder)];
  const env = { ...process.env, HF_HUB_OFFLINE: "1", CUDA_VISIBLE_DEVICES: "", AXOLOTL_DO_NOT_TRACK: "1" };
  const child = spawn(python(trainer), args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-3000)));
  child.on("error", (error) => (errors += error.message));
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code !== 0) say(`${trainer}: the checks did not run to their end\n${errors}`);
  return out
    .trim()
    .split("\n")
    .filter(Boolean)
    .map((line): Answer => JSON.parse(line));
}

/** Whether a check came to the verdict it should: a broken folder is caught only where the check itself says so. */
function isRight({ isBroken }: Job, { exit, said }: Answer): boolean {
  const verdict = said.trim().split("\n").at(-1) ?? "";
  return isBroken ? exit === 1 && verdicts.broken.test(verdict) : exit === 0 && verdicts.holds.test(verdict);
}

function tell(jobs: Job[], answers: Answer[]): void {
  for (const job of jobs) {
    const answer = answers.find((each) => each.folder === job.folder);
    const good = answer !== undefined && isRight(job, answer);
    if (!good) failed += 1;
    const said = (answer?.said ?? "it was not run").trim().split("\n");
    const shown = job.isBroken
      ? `caught: ${said.at(-1)}`
      : [...new Set([said.at(0), said.at(-1)])].join(": ");
    say(
      good
        ? `✓ ${job.title} → ${shown} (${answer.seconds} s)`
        : `✗ ${job.title}, exit ${answer?.exit ?? "?"}`,
    );
    if (!good) say(said.map((line) => `    ${line}`).join("\n"));
  }
}

async function prove(trainer: string, root: string): Promise<void> {
  const formats = Object.entries(proofs).filter(([, proof]) => proof.trainer === trainer);
  if (trainer !== NO_TRAINER && !existsSync(python(trainer))) {
    const names = formats.map(([format]) => format).join(", ");
    const byHand = formats.find(([, proof]) => proof.byHand)?.[1].byHand;
    const why = byHand
      ? `proven by hand only: ${byHand}`
      : `${trainer} is not installed: npm run env -- install trainers`;
    say(`! SKIPPED ${names}: ${why}`);
    return;
  }
  const jobs = (await Promise.all(formats.map(([format]) => foldersOf(format, root)))).flat();
  tell(jobs, await runChecks(trainer, formats[0]?.[1].modules ?? "", jobs));
}

const root = mkdtempSync(path.join(tmpdir(), "gleaner-proofs-"));
try {
  const all = [...new Set(Object.values(proofs).map(({ trainer }) => trainer))];
  const queue = all.filter((trainer) => wanted.length === 0 || wanted.includes(trainer));
  // Two at a time: each is one process that mostly imports and tokenizes.
  const lane = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await prove(next, root);
  };
  await Promise.all([lane(), lane()]);
} finally {
  if (process.env.PROOFS_KEEP) say(root);
  else rmSync(root, { recursive: true, force: true });
}
say(failed === 0 ? `✓ proofs done in ${seconds()}` : `✗ ${failed} proofs failed, in ${seconds()}`);
process.exitCode = failed === 0 ? 0 : 1;
