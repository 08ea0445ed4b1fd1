import { AppError } from "@/lib/core/errors";
import type { ImportDefaults } from "@/lib/core/ports";
import type { TrajectoryDraft } from "@/lib/core/trajectory";

const scoredInPercent = new Set(["sciworld", "scienceworld"]);

/** A reward as sources write it, on the scale 0..1. AgentGym writes 100 for solved; ScienceWorld scores -100..100. */
function normalized(reward: number, environment: string): number {
  if (scoredInPercent.has(environment) && (reward < 0 || reward > 1) && reward >= -100 && reward <= 100) {
    return Math.max(0, reward / 100);
  }
  if (reward === 100) return 1;
  if (reward >= 0 && reward <= 1) return reward;
  throw new AppError("invalid_input", `reward: ${reward} is outside 0..1`);
}

/** BabyAI takes a little off for every step: its server ends an episode only above 0.5, and then it is solved. */
function isSolved(reward: number, environment: string): boolean {
  return environment === "babyai" ? reward > 0.5 : reward >= 1;
}

/**
 * Reward and success of an episode: what the record says, else what the importer was told of records without a reward.
 * @param said `open`: the record says something of its outcome, and not which; then nothing is guessed
 * @throws AppError invalid_input when the reward is on no known scale
 */
export function outcomeOf(
  said: { reward?: number | null | undefined; success?: boolean | null | undefined; open?: boolean },
  environment: string,
  defaults: ImportDefaults,
): Pick<TrajectoryDraft, "reward" | "success"> {
  const reward =
    said.reward === null || said.reward === undefined ? null : normalized(said.reward, environment);
  if (typeof said.success === "boolean") return { reward, success: said.success };
  if (reward !== null) return { reward, success: isSolved(reward, environment) };
  return { reward, success: defaults.withoutReward === "solved" && !said.open ? true : null };
}

/** The environment a record belongs to. @throws AppError invalid_input when neither record nor defaults name one */
export function environmentOf(said: string | null | undefined, defaults: ImportDefaults): string {
  const environment = said ?? defaults.environment;
  if (environment !== null) return environment;
  throw new AppError("invalid_input", "the record does not say which environment it was recorded in", {
    fix: "name the environment for this import",
  });
}
