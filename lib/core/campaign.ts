import { z } from "zod";
import { CollectionConfig } from "./collection";
import type { Prices } from "./ports";
import { presets } from "./presets";
import { MOST_MIN_ATTEMPTS, ruleVersions } from "./rule";
import { RunConfig } from "./run";
import { costOf, RunBudget } from "./run-budget";
import { wilson, type Tally } from "./statistics";

/**
 * A *campaign* repeats exploring and training: in *iteration* k the checkpoint π_k plays from the start of the training
 * subtasks and from states along the failed expert trajectories; the dataset D_k is made of the expert's successes and of
 * what was found up to then, and π_{k+1} is trained on it. Source: eef.md, section 2.
 */

/** How every iteration of a campaign explores; fixed when it begins, so that iterations can be compared. */
export const CampaignConfig = z.strictObject({
  /** How failed expert trajectories are mined, as a run's settings say it. */
  run: z
    .strictObject({
      preset: z.enum(presets).exclude(["imported"]).optional(),
      config: RunConfig.omit({ preset: true }).partial().default({}),
      alpha: z.number().min(0).max(1).optional(),
      minAttempts: z.number().int().min(1).max(MOST_MIN_ATTEMPTS).default(1),
      ruleVersion: z.enum(ruleVersions).optional(),
      budget: RunBudget.prefault({}),
    })
    .prefault({}),
  /** How every training subtask is played from its start (the RFT part); null: it is not. */
  starts: CollectionConfig.omit({ choice: true }).nullable().prefault({}),
});
export type CampaignConfig = z.infer<typeof CampaignConfig>;

/** What one iteration came to. A subtask is named by its id. */
export type IterationFacts = {
  iteration: number;
  checkpoint: string;
  prices: Prices | null;
  /** Some of its collection or run is not over. */
  open: boolean;
  /** Training subtasks with a completed episode from s_0, and those episodes. */
  subtasks: number;
  starts: Tally;
  /** Completed rollouts on failed expert trajectories, from state 0 and from later states. */
  fromStart: Tally;
  fromStates: Tally;
  /** Subtasks that this iteration solved, from whatever state. */
  solved: number[];
  /** Steps of expert trajectories with a verdict by this checkpoint. */
  verdicts: number;
  calls: number;
  promptTokens: number;
  completionTokens: number;
};

/** A success rate with its 95 % Wilson interval; `attempts` is n. */
export type Rate = Tally & { low: number; high: number };

/** The subtasks the expert failed; the four add up: `failed` = `solvedBefore` + `newlySolved` + `remaining`. */
export type Coverage = { failed: number; solvedBefore: number; newlySolved: number; remaining: number };

export type Spent = {
  calls: number;
  tokens: number;
  /** Null where the policy has no prices. */ cost: number | null;
};

export type IterationFigures = Pick<IterationFacts, "iteration" | "checkpoint" | "open" | "subtasks"> & {
  starts: Rate;
  fromStart: Rate;
  fromStates: Rate;
  coverage: Coverage;
  spent: Spent;
  /** What one newly solved subtask took; null where none was solved or exploring is not over: undecided. */
  perNewlySolved: Spent | null;
  verdicts: number;
  /** Verdicts by a checkpoint that is not the newest. */
  staleVerdicts: number;
};

/** The newest iteration's checkpoint: verdicts of any other are stale. Null before the first. */
export function newestCheckpoint(
  iterations: Pick<IterationFacts, "iteration" | "checkpoint">[],
): string | null {
  return iterations.toSorted((a, b) => b.iteration - a.iteration)[0]?.checkpoint ?? null;
}

/** The subtasks whose expert trajectories all failed, each once. One of unknown outcome is no success. */
export function expertFailed(experts: { subtaskId: number; success: boolean | null }[]): number[] {
  const solved = new Set(experts.filter((each) => each.success === true).map((each) => each.subtaskId));
  const failed = experts.filter((each) => each.success === false && !solved.has(each.subtaskId));
  return [...new Set(failed.map((each) => each.subtaskId))];
}

/**
 * The figures of each iteration. A subtask counts as newly solved in the first iteration that solved it, and only there.
 * @param failed subtasks the expert failed and never solved, each once
 * @returns ascending by iteration
 */
export function campaignFigures(failed: number[], iterations: IterationFacts[]): IterationFigures[] {
  const open = new Set(failed);
  const newest = newestCheckpoint(iterations);
  return iterations
    .toSorted((a, b) => a.iteration - b.iteration)
    .map((facts) => {
      const solvedBefore = failed.length - open.size;
      let newlySolved = 0;
      for (const subtaskId of facts.solved) if (open.delete(subtaskId)) newlySolved += 1;
      const spent = spentOn(facts);
      const { iteration, checkpoint, subtasks, verdicts } = facts;
      return {
        ...{ iteration, checkpoint, subtasks, verdicts, open: facts.open, spent },
        starts: rateOf(facts.starts),
        fromStart: rateOf(facts.fromStart),
        fromStates: rateOf(facts.fromStates),
        coverage: { failed: failed.length, solvedBefore, newlySolved, remaining: open.size },
        perNewlySolved: facts.open || newlySolved === 0 ? null : share(spent, newlySolved),
        staleVerdicts: checkpoint === newest ? 0 : verdicts,
      };
    });
}

function spentOn({ calls, promptTokens, completionTokens, prices }: IterationFacts): Spent {
  const cost = prices === null ? null : costOf(prices, promptTokens, completionTokens);
  return { calls, tokens: promptTokens + completionTokens, cost };
}

const share = ({ calls, tokens, cost }: Spent, by: number): Spent => ({
  calls: calls / by,
  tokens: tokens / by,
  cost: cost === null ? null : cost / by,
});

function rateOf(tally: Tally): Rate {
  const [low, high] = wilson(tally);
  return { attempts: tally.attempts, successes: tally.successes, low, high };
}
