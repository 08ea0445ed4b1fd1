import {
  newDraft as newCollection,
  settingsOf as settingsOfCollection,
} from "@/components/collection/collection-draft";
import type { CollectionDraft } from "@/components/collection/collection-draft";
import { newDraft as newRun, settingsOf as settingsOfRun, type RunPreset } from "@/components/run/run-draft";

/** A campaign as it is typed in; its subtasks are chosen as a collection's are. */
export type CampaignDraft = CollectionDraft & {
  /** Whose trajectories are the expert's; empty: anyone's. */
  model: string;
  preset: RunPreset;
  /** Whether every training subtask is played from its start. */
  plays: boolean;
};

/** Every subtask of the environment, explored as in the paper. */
export function newDraft(environmentId: number): CampaignDraft {
  const subtasks = newCollection({ environmentId, policyId: 1, split: null, taskType: null });
  return { ...subtasks, count: "100000", model: "", preset: "paper", plays: true };
}

/** What a draft asks for, or null while something is missing or wrong. */
export function settingsOf(draft: CampaignDraft) {
  const { name, environmentId, model, preset, plays, maxSteps, seed } = draft;
  const collection = settingsOfCollection(draft);
  const run = settingsOfRun({ ...newRun(1), preset, maxSteps, seed });
  if (name.trim() === "" || collection === null || run === null) return null;
  const config = { run, starts: plays ? collection.config : null };
  return { name, environmentId, model: model === "" ? null : model, choice: collection.choice, config };
}
