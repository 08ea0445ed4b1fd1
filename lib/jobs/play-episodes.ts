import { asEnvironmentError } from "@/lib/core/drivers";
import { AppError } from "@/lib/core/errors";
import { seedOf } from "@/lib/core/plan";
import type { Policy, Usage } from "@/lib/core/ports";
import { recordEpisode } from "@/lib/core/record";
import type { CollectionRow, EnvironmentRow, EpisodeClaim, EpisodeEnd } from "@/lib/core/rows";
import type { Store } from "@/lib/core/store";
import { isGeneral, isStreak, STREAK, streakReason } from "@/lib/core/streak";
import type { Connected, Connections } from "./connections";
import type { Hold } from "./leases";
import { oneLine } from "./log";

export type PlayDeps = {
  store: Pick<Store, "collections" | "environments">;
  connections: Connections;
  /** Names this process; no two processes share one, not even one after the other. */
  owner: string;
  leaseMs: number;
  log: (line: string) => void;
};

type Turn = {
  collection: CollectionRow;
  hold: Pick<Hold, "during">;
  signal: AbortSignal;
  /** When no further episode is begun, in milliseconds of the clock. */
  until: number;
};
type Broken = Extract<EpisodeEnd, { status: "errored" }>;
type Actors = Connected & { policy: Policy; row: EnvironmentRow };

/**
 * Claims and plays queued episodes, one after the other. Where the environment or the policy cannot be had at all, each
 * episode is errored with the reason.
 * @returns how many were played, and whether there may be more to claim
 */
export async function playEpisodes(deps: PlayDeps, turn: Turn): Promise<{ played: number; more: boolean }> {
  const actors = await prepare(deps, turn.collection).catch((error: unknown) => {
    if (error instanceof AppError) return error;
    throw error;
  });
  for (let played = 0; ; played++) {
    if (turn.signal.aborted) return { played, more: false };
    if (Date.now() >= turn.until) return { played, more: true };
    const more =
      actors instanceof AppError
        ? await refuse(deps, turn, actors)
        : await actors.slots(() => playNext(deps, turn, actors));
    if (!more) return { played, more: false };
  }
}

async function prepare({ store, connections }: PlayDeps, collection: CollectionRow): Promise<Actors> {
  const row = await store.environments.get(collection.environmentId);
  const connected = await connections.environment(row);
  const policy = await connections.policy(collection.policyId);
  if (policy.checkpoint !== collection.checkpoint)
    throw new AppError(
      "conflict",
      `collection ${collection.collectionId} is played by ${collection.checkpoint}, but its policy is now ${policy.checkpoint}`,
      { fix: "start a new collection, or set the policy back" },
    );
  return { ...connected, policy, row };
}

function claimNext({ store, owner, leaseMs }: PlayDeps, { collection }: Turn): Promise<EpisodeClaim | null> {
  return store.collections.claim(collection.collectionId, owner, leaseMs);
}

async function refuse(deps: PlayDeps, turn: Turn, error: AppError): Promise<boolean> {
  const claim = await claimNext(deps, turn);
  if (!claim) return false;
  const end = brokenBy(error);
  await deps.store.collections.end(claim.episodeId, claim.epoch, end);
  await stopStreak(deps, turn.collection.collectionId, end);
  return true;
}

const brokenBy = ({ code, message, fix }: AppError): Broken => ({
  status: "errored",
  code,
  message,
  ...(fix === undefined ? {} : { fix }),
});

/** Stops a collection in which nothing works any more: what it would still play would break as well. */
async function stopStreak(deps: PlayDeps, collectionId: number, end: Broken): Promise<void> {
  const { collections } = deps.store;
  if (!isGeneral(end.code) || !isStreak(await collections.lastEnds(collectionId, STREAK))) return;
  await stop(deps, collectionId, end.code, streakReason("episodes", end));
}

async function stop({ store, log }: PlayDeps, collectionId: number, code: string, error: string) {
  if (await store.collections.fail(collectionId, error))
    log(`collection ${collectionId} stopped: ${code}: ${oneLine(error)}`);
}

/**
 * Stops a collection whose endpoint refuses everything: no other episode would fare better. The one in hand is queued
 * again, and the collection goes on from there once the endpoint is set right.
 */
async function halt(deps: PlayDeps, { collection }: Turn, claim: EpisodeClaim, end: Broken): Promise<false> {
  const { code, message, fix } = end;
  await stop(deps, collection.collectionId, code, fix === undefined ? message : `${message}; ${fix}`);
  await deps.store.collections.release(claim.episodeId, claim.epoch);
  return false;
}

/** @returns whether there may be another episode to claim */
async function playNext(deps: PlayDeps, turn: Turn, actors: Actors): Promise<boolean> {
  if (turn.signal.aborted) return false;
  const claim = await claimNext(deps, turn);
  if (!claim) return false;
  return turn.hold.during(claim.episodeId, () => playClaimed(deps, turn, actors, claim));
}

async function playClaimed(
  deps: PlayDeps,
  turn: Turn,
  actors: Actors,
  claim: EpisodeClaim,
): Promise<boolean> {
  const { collections } = deps.store;
  const name = `collection ${turn.collection.collectionId} subtask ${claim.subtask.subtaskKey} attempt ${claim.attempt}`;
  const end = await play(deps, turn, actors, claim);
  if (end === "lost") deps.log(`${name}: another worker has this episode now`);
  else if (end === "stopped") await collections.release(claim.episodeId, claim.epoch);
  else if (end.status === "errored" && end.code === "endpoint_rejected") return halt(deps, turn, claim, end);
  else {
    if (end.status === "errored") deps.log(`${name}: ${end.code}: ${oneLine(end.message)}`);
    await store(deps, claim, end);
    if (end.status === "errored") await stopStreak(deps, turn.collection.collectionId, end);
  }
  return !turn.signal.aborted;
}

/** A trajectory that cannot be stored is a broken episode as well. */
async function store({ store: { collections } }: PlayDeps, claim: EpisodeClaim, end: EpisodeEnd) {
  const { episodeId, epoch } = claim;
  try {
    await collections.end(episodeId, epoch, end);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "invalid_input") throw error;
    await collections.end(episodeId, epoch, { status: "errored", code: error.code, message: error.message });
  }
}

/** Why an episode was left without an end: another worker has it, or the token budget is used up. */
class Left extends Error {
  constructor(readonly why: "lost" | "spent") {
    super(why);
  }
}

async function play(
  deps: PlayDeps,
  { collection, signal }: Turn,
  { environment, policy, row }: Actors,
  claim: EpisodeClaim,
): Promise<EpisodeEnd | "lost" | "stopped"> {
  const { subtask, attempt } = claim;
  const { config, source } = collection;
  const asked = counted(deps, policy, claim);
  try {
    const draft = await recordEpisode({
      environment,
      environmentName: row.name,
      driverId: row.driver ?? "",
      subtask,
      policy: asked.policy,
      source,
      maxSteps: config.maxSteps,
      seed: (index) => seedOf(config.seed, subtask.subtaskKey, { stateIndex: 0, attempt }, index),
      signal,
    });
    return { status: "completed", draft, promptVersion: policy.promptVersion };
  } catch (error) {
    const broken = asked.broken();
    if (broken) throw broken;
    if (error instanceof Left) return error.why === "lost" ? "lost" : "stopped";
    if (signal.aborted) return "stopped";
    return brokenBy(asEnvironmentError(error, row.name));
  }
}

/**
 * The policy, with every call counted before it is made and what it cost noted afterwards. A store that fails must not
 * look like a policy that did: it ends the job instead.
 */
function counted({ store: { collections } }: PlayDeps, policy: Policy, { episodeId, epoch }: EpisodeClaim) {
  let broken: Error | null = null;
  const guarded = <T>(write: Promise<T>): Promise<T> =>
    write.catch((error: unknown) => {
      broken = error instanceof Error ? error : new Error(String(error));
      throw broken;
    });
  const asked: Policy = {
    checkpoint: policy.checkpoint,
    promptVersion: policy.promptVersion,
    async act(turn) {
      const intent = await guarded(collections.startCall(episodeId, epoch));
      if (intent !== "counted") throw new Left(intent);
      const spent = { promptTokens: 0, completionTokens: 0 };
      const note = ({ promptTokens, completionTokens }: Usage) => {
        spent.promptTokens += promptTokens;
        spent.completionTokens += completionTokens;
      };
      // What calls took that led nowhere has been spent all the same.
      const reply = await policy.act({ ...turn, spent: note }).catch(async (error: unknown) => {
        if (spent.promptTokens + spent.completionTokens > 0)
          await guarded(collections.recordUsage(episodeId, epoch, spent));
        throw error;
      });
      if (reply.usage && !(await guarded(collections.recordUsage(episodeId, epoch, reply.usage))))
        throw new Left("lost");
      return reply;
    },
  };
  return { policy: asked, broken: (): Error | null => broken };
}
