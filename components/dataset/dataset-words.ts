import type { DatasetCard } from "@/lib/core/dataset";
import type { Example } from "@/lib/core/example";
import type { DifferenceReason } from "@/lib/core/dataset-compare";
import type { DatasetSplit } from "@/lib/core/dataset-split";
import type { ReviewPolicy } from "@/lib/core/rows";

export const policyWords: Record<ReviewPolicy, { word: string; meaning: string }> = {
  approved: {
    word: "approved only",
    meaning: "An expert action is trained only where a person approved or promoted it. The safe default.",
  },
  not_vetoed: {
    word: "all not vetoed",
    meaning:
      "Beneficial actions are trained unless a person vetoed them; what nobody looked at is taken on the miner’s word.",
  },
};

export const kindWords: Record<Example["kind"], { word: string; meaning: string }> = {
  eef: {
    word: "expert part + agent",
    meaning: "beneficial expert actions, then the agent’s own success from there",
  },
  rft: { word: "agent’s own success", meaning: "the agent’s successful rollout from an important state" },
  bc: { word: "expert success", meaning: "a solved expert trajectory, cloned whole" },
  promoted: { word: "promoted", meaning: "expert actions a person promoted" },
};

export const leftOutWords: Record<keyof DatasetCard["leftOut"], { word: string; todo: string }> = {
  notApproved: {
    word: "not approved",
    todo: "nobody has approved it yet: review it, or take all not vetoed",
  },
  undecided: {
    word: "undecided",
    todo: "the evidence does not reach the run’s α: more rollouts, or a lower α",
  },
  unsolved: { word: "unsolved", todo: "no rollout solved it from this state on" },
  vetoed: { word: "vetoed", todo: "a person said no" },
  noSteps: {
    word: "without steps",
    todo: "its winning rollout was imported without steps: there is nothing to train on",
  },
  stale: {
    word: "stale",
    todo: "the verdicts are of an older checkpoint than its campaign’s newest: mine again, or include them knowingly",
  },
  kind: { word: "of another kind", todo: "the recipe takes examples of other kinds only" },
  capped: { word: "above the cap", todo: "its subtask has as many examples as the recipe allows" },
  otherStart: {
    word: "another start",
    todo: "one success from the start of a subtask goes in, and a shorter or earlier one is taken",
  },
};

export const splitWords: Record<DatasetSplit, { word: string; meaning: string }> = {
  train: { word: "train", meaning: "what the loss is taken of" },
  validation: { word: "validation", meaning: "held out: whole subtasks that training never sees" },
};

export const reasonWords: Record<DifferenceReason, string> = {
  vetoed: "vetoed",
  approved: "approved",
  unvetoed: "the veto was taken back",
  unapproved: "not approved any more",
  new_evidence: "the evidence says otherwise",
  new_checkpoint: "verdicts of another checkpoint",
  other_run: "verdicts of another run",
  other_rule: "another rule or α decides",
  mined_since: "mined since",
  other_start: "another success from the start of its subtask is taken",
  filter: "the selection is another one",
  recipe: "the recipe is another one",
  split: "moved to the other split",
  content: "its text is another one",
  unknown: "frozen before reasons were kept",
};
