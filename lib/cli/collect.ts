import { setTimeout as pause } from "node:timers/promises";
import { AppError, wrongFields } from "@/lib/core/errors";
import { sources, splits } from "@/lib/core/trajectory";
import { collectHere } from "@/lib/jobs/collect-here";
import { CollectionInput, collectionView, startCollection } from "@/lib/usecases/collections";
import type { Context } from "./commands";
import { environmentNamed, policyNamed } from "./setup";
import { oneOf, progress, readArguments, required, say, wholeNumber } from "./terminal";

const LOOK_MS = 2000;

const options = {
  environment: { type: "string" },
  policy: { type: "string" },
  source: { type: "string" },
  count: { type: "string" },
  first: { type: "string" },
  split: { type: "string" },
  "task-type": { type: "string" },
  attempts: { type: "string" },
  seed: { type: "string" },
  "max-steps": { type: "string" },
  "max-calls": { type: "string" },
  "max-tokens": { type: "string" },
  concurrency: { type: "string" },
  name: { type: "string" },
} as const;

export async function record({ deps, person, terminal }: Context, args: string[]): Promise<void> {
  const { values } = readArguments(args, options);
  const input = CollectionInput.safeParse({
    name: values.name,
    environmentId: await environmentNamed(deps, required("environment", values.environment)),
    policyId: await policyNamed(deps, required("policy", values.policy)),
    source: oneOf("source", values.source, sources),
    choice: {
      split: oneOf("split", values.split, splits),
      taskType: values["task-type"],
      first: wholeNumber("first", values.first),
      count: wholeNumber("count", values.count),
    },
    config: {
      attempts: wholeNumber("attempts", values.attempts),
      maxSteps: wholeNumber("max-steps", values["max-steps"]),
      seed: wholeNumber("seed", values.seed),
      concurrency: wholeNumber("concurrency", values.concurrency),
    },
    budget: {
      maxCalls: wholeNumber("max-calls", values["max-calls"]),
      maxTokens: wholeNumber("max-tokens", values["max-tokens"]),
    },
  });
  if (!input.success) throw new AppError("invalid_input", wrongFields(input.error));
  const { collectionId, name } = await startCollection(deps, person.personId, input.data);
  progress(`collection ${collectionId}: ${name}`);
  const ended = new AbortController();
  const telling = tell(deps, collectionId, ended.signal);
  try {
    await collectHere(deps, collectionId, terminal.signal, progress);
  } finally {
    ended.abort();
    await telling;
  }
  await report({ deps, person, terminal }, collectionId);
}

async function tell(deps: Context["deps"], collectionId: number, signal: AbortSignal): Promise<void> {
  let last = "";
  while (!signal.aborted) {
    await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
    const { episodes, succeeded } = await deps.store.collections.progress(collectionId);
    const line = `${episodes.completed} played, ${succeeded} solved`;
    if (line !== last) progress(line);
    last = line;
  }
}

async function report({ deps, terminal }: Context, collectionId: number): Promise<void> {
  const { collection, progress: counts } = await collectionView(deps, collectionId);
  const { episodes, succeeded, duplicates, calls } = counts;
  const open = episodes.queued + episodes.running;
  if (open > 0) progress(`${open} episodes are left: any worker goes on with them`);
  if (episodes.skipped > 0) progress(`${episodes.skipped} episodes were not played: the budget is used up`);
  const recorded = {
    collectionId,
    state: collection.state,
    played: episodes.completed,
    solved: succeeded,
    stored: episodes.completed - duplicates,
    duplicates,
    errored: episodes.errored,
    skipped: episodes.skipped,
    calls,
  };
  const { played, solved, stored, errored } = recorded;
  say(
    terminal,
    recorded,
    `${played} played, ${solved} solved; ${stored} stored, ${duplicates} already there, ${errored} errored`,
  );
}
