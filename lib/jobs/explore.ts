import { setMaxListeners } from "node:events";
import { AppError } from "@/lib/core/errors";
import { isAdaptive } from "@/lib/core/planner";
import { seedOf } from "@/lib/core/plan";
import type { Policy } from "@/lib/core/ports";
import { runProbe, type Recorder } from "@/lib/core/probe";
import type { ReplayCheck } from "@/lib/core/replay";
import type { Claim, EnvironmentRow, RolloutEnd, RunRow } from "@/lib/core/rows";
import type { ReplayState } from "@/lib/core/run";
import type { Store } from "@/lib/core/store";
import { isGeneral, isStreak, STREAK, streakReason } from "@/lib/core/streak";
import type { Trajectory } from "@/lib/core/trajectory";
import { checkReplay } from "./check-replay";
import type { Connected, Connections } from "./connections";
import type { Lanes, Turn } from "./lanes";
import type { Hold } from "./leases";
import { oneLine } from "./log";

export type ExploreDeps = {
  store: Pick<Store, "runs" | "rollouts" | "environments" | "trajectories" | "replays">;
  connections: Connections;
  /** Names this process; no two processes share one, not even one after the other. */
  owner: string;
  leaseMs: number;
  log: (line: string) => void;
};

type Job = {
  run: RunRow;
  trajectory: Trajectory & { environmentName: string };
  replay: ReplayState;
  /** Somebody had rollouts of it in hand before: what a dead worker left does not wait for what nobody has begun. */
  begun: boolean;
  hold: Pick<Hold, "during">;
  signal: AbortSignal;
};
type Broken = Extract<RolloutEnd, { status: "errored" }>;
type Actors = Connected & { policy: Policy; lanes: Lanes; row: EnvironmentRow };

/**
 * Claims and runs the queued rollouts of one trajectory, side by side where lanes are free, until none is left or the
 * signal fires; rollouts in hand are then given back. Where the environment or the policy cannot be had at all, each
 * rollout is errored with the reason.
 */
export async function explore(deps: ExploreDeps, job: Job): Promise<void> {
  const actors = await prepare(deps, job).catch((error: unknown) => {
    if (error instanceof AppError) return error;
    throw error;
  });
  if (actors instanceof AppError) {
    while (!job.signal.aborted && (await refuse(deps, job, actors)));
    return;
  }
  setMaxListeners(0, job.signal);
  const turn: Turn = (begun) => actors.slots(() => rollOut(deps, job, actors, begun));
  await actors.lanes.run(turn, { mayGrow: isAdaptive(job.run.config.preset), first: job.begun });
}

async function claimNext(deps: ExploreDeps, { run, trajectory }: Job): Promise<Claim | null> {
  return deps.store.rollouts.claim(run.runId, trajectory.trajectoryId, deps.owner, deps.leaseMs);
}

async function prepare({ store, connections }: ExploreDeps, job: Job): Promise<Actors> {
  const { run, trajectory, replay, signal } = job;
  const row = await store.environments.get(trajectory.environmentId);
  const connected = await connections.environment(row);
  const policy = await policyOf(connections, run);
  if (replay !== "verified") {
    const check = await checkReplay(store, connected, trajectory, signal);
    await store.runs.mark(run.runId, trajectory.trajectoryId, {
      replay: check.state,
      divergence: check.divergence,
    });
    if (check.state === "not_replayable") throw notReplayable(check);
  }
  return {
    ...connected,
    policy,
    lanes: connections.lanes(run.policyId ?? 0, policy, row.environmentId),
    row,
  };
}

async function policyOf(connections: Connections, run: RunRow): Promise<Policy> {
  if (run.policyId === null) throw new AppError("invalid_input", `run ${run.runId} has no policy to act`);
  const policy = await connections.policy(run.policyId);
  if (policy.checkpoint === run.checkpoint) return policy;
  throw new AppError(
    "conflict",
    `run ${run.runId} mines with ${run.checkpoint}, but its policy is now ${policy.checkpoint}`,
    { fix: "verdicts belong to one checkpoint: start a new run, or set the policy back" },
  );
}

function notReplayable({ reason }: ReplayCheck): AppError {
  return new AppError("not_replayable", reason ?? "the environment cannot replay this trajectory", {
    fix: "check that the environment serves the data the trajectory was recorded on, then retry the run",
  });
}

async function refuse(deps: ExploreDeps, job: Job, { code, message, fix }: AppError): Promise<boolean> {
  const claim = await claimNext(deps, job);
  if (!claim) return false;
  const end = {
    status: "errored" as const,
    code,
    message,
    ...(fix === undefined ? {} : { fix }),
    detail: null,
  };
  await deps.store.rollouts.end(claim.rolloutId, claim.epoch, end, "");
  await stopStreak(deps, claim.runId, end);
  return true;
}

/** Stops a run in which nothing works any more: what it would still do would break as well. */
async function stopStreak({ store: { runs }, log }: ExploreDeps, runId: number, end: Broken): Promise<void> {
  if (!isGeneral(end.code) || !isStreak(await runs.lastEnds(runId, STREAK))) return;
  const error = streakReason("rollouts", end);
  if (await runs.move(runId, ["queued", "running"], "failed", error))
    log(`run ${runId} stopped: ${end.code}: ${oneLine(error)}`);
}

/** @returns whether there may be another rollout to claim */
async function rollOut(deps: ExploreDeps, job: Job, actors: Actors, begun: () => void): Promise<boolean> {
  if (job.signal.aborted) return false;
  const claim = await claimNext(deps, job);
  if (!claim) return false;
  begun();
  return job.hold.during(claim.rolloutId, () => rollOutClaimed(deps, job, actors, claim));
}

async function rollOutClaimed(deps: ExploreDeps, job: Job, actors: Actors, claim: Claim): Promise<boolean> {
  const { rollouts } = deps.store;
  const { recorder, failure } = recorderOf(deps.store, claim);
  const end = await runProbe({ ...taskOf(job, actors, claim), recorder });
  const broken = failure();
  if (broken) throw broken;
  const name = `run ${claim.runId} trajectory ${claim.trajectoryId} state ${claim.stateIndex} attempt ${claim.attempt}`;
  if (end === "lost") deps.log(`${name}: another worker has this rollout now`);
  else if (end === "aborted") await rollouts.release(claim.rolloutId, claim.epoch);
  else if (end.status === "errored" && end.code === "endpoint_rejected") return halt(deps, claim, end);
  else {
    if (end.status === "errored") deps.log(`${name}: ${end.code}: ${oneLine(end.message)}`);
    await rollouts.end(claim.rolloutId, claim.epoch, end, actors.policy.promptVersion);
    if (end.status === "errored") await stopStreak(deps, claim.runId, end);
  }
  return end !== "aborted";
}

/**
 * Stops a run whose endpoint refuses everything: no other rollout would fare better. The one in hand is queued again, and
 * the run goes on from there once the endpoint is set right.
 */
async function halt(
  { store: { runs, rollouts }, log }: ExploreDeps,
  { runId, rolloutId, epoch }: Claim,
  { code, message, fix }: { code: string; message: string; fix?: string },
): Promise<boolean> {
  const error = fix === undefined ? message : `${message}; ${fix}`;
  if (await runs.move(runId, ["queued", "running"], "failed", error))
    log(`run ${runId} stopped: ${code}: ${oneLine(error)}`);
  await rollouts.release(rolloutId, epoch);
  return false;
}

function taskOf({ run, trajectory, signal }: Job, { environment, policy, row }: Actors, claim: Claim) {
  const { stateIndex, attempt, steps: recorded } = claim;
  const { instruction, opening, subtaskKey, steps: expertSteps, contentHash } = trajectory;
  return {
    environment,
    policy,
    conversation: { driverId: row.driver, instruction, opening },
    subtaskKey,
    expertSteps,
    probe: { stateIndex, attempt },
    maxSteps: run.config.maxSteps,
    successThreshold: row.successThreshold,
    seed: (index: number) => seedOf(run.config.seed, contentHash, { stateIndex, attempt }, index),
    recorded,
    countsAsFailure: run.config.countsAsFailure,
    signal,
  };
}

/** Writes under the claim's epoch. A store that fails must not look like a policy that did: it ends the job instead. */
export function recorderOf(
  { rollouts }: { rollouts: Pick<Store["rollouts"], "startCall" | "recordStep" | "recordUsage"> },
  { rolloutId, epoch }: Pick<Claim, "rolloutId" | "epoch">,
) {
  let broken: Error | null = null;
  const guarded = (write: Promise<boolean>) =>
    write.catch((error: unknown) => {
      broken = error instanceof Error ? error : new Error(String(error));
      return false;
    });
  const recorder: Recorder = {
    startCall: () => guarded(rollouts.startCall(rolloutId, epoch)),
    recordStep: (index, step, usage) => guarded(rollouts.recordStep(rolloutId, epoch, index, step, usage)),
    recordAndCall: (index, step, usage) =>
      guarded(rollouts.recordStep(rolloutId, epoch, index, step, usage, true)),
    recordUsage: (usage) => guarded(rollouts.recordUsage(rolloutId, epoch, usage)),
  };
  return { recorder, failure: (): Error | null => broken };
}
