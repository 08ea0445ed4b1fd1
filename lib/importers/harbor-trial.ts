import { isRecord } from "./sharegpt";

const trajectory = /^((?:.*\/)?)agent\/trajectory\.json$/;

/** Where a folder of Harbor's says how the trial of a trajectory went; null for files that are none. */
export function trialFileOf(name: string): string | null {
  const folder = trajectory.exec(name)?.[1];
  return folder === undefined ? null : `${folder}result.json`;
}

/** Whether a record is such a file. */
export const isTrial = (record: Record<string, unknown>) =>
  typeof record.trial_name === "string" && typeof record.task_name === "string" && "agent_info" in record;

/** What it says of the trajectory beside it, in the words of ATIF's `extra`. */
export function saidOfTrial(record: unknown): { trial: Record<string, unknown> } | null {
  if (!isRecord(record) || !isTrial(record)) return null;
  const { task_name, trial_name: externalId, source: environment, verifier_result } = record;
  return { trial: { task_name, externalId, environment, verifier_result } };
}
