import type { ErrorCode } from "./errors";

/** How something of a run or a collection ended: null where it did not break. `place`: its trajectory or subtask. */
export type Ending = { code: string | null; place: number };

/** So many in a row that broke in the same way stop a run. */
export const STREAK = 20;
/** They must come from more than one or two places: one trajectory can be peculiar, a whole run cannot. */
const PLACES = 3;

/** What breaks everything as long as nobody does something about it; other faults are about one rollout or trajectory. */
const general: readonly ErrorCode[] = [
  "environment_unavailable",
  "environment_error",
  "endpoint_unavailable",
  "bad_reply",
  "conflict",
  "invalid_input",
];

/** Whether a fault of this kind may break everything. */
export const isGeneral = (code: string): boolean => general.some((each) => each === code);

/**
 * Whether nothing works any more: the newest so many all broke in the same way.
 * @param newest the last `STREAK` that ended
 */
export function isStreak(newest: Ending[]): boolean {
  const code = newest[0]?.code;
  if (newest.length < STREAK || code == null || !isGeneral(code)) return false;
  return (
    newest.every((each) => each.code === code) && new Set(newest.map(({ place }) => place)).size >= PLACES
  );
}

/** Why work was stopped for a streak, and what to do, in words. */
export function streakReason(what: string, { message, fix }: { message: string; fix?: string }): string {
  const todo = fix === undefined ? "" : `; ${fix}`;
  return `the last ${STREAK} ${what} all broke in the same way: ${message}${todo}`;
}
