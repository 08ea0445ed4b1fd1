import type { RecordedDecision } from "@/lib/core/review";
import { seenVerdicts, type SeenVerdict } from "@/lib/core/review-history";
import { verdicts, type Verdict } from "@/lib/core/verdict";
import { verdictLook } from "@/components/trajectory/verdict-look";

export const decisionWords: Record<RecordedDecision, string> = {
  approve: "approved",
  veto: "vetoed",
  promote: "promoted",
  withdraw: "took back",
  dispute: "votes differ",
};

/** The verdict in a stored text; null where it is none. */
export const verdictIn = (text: string | null): Verdict | null =>
  verdicts.find((verdict) => verdict === text) ?? null;

/** What mining said when somebody decided, as people read it. */
export function seenWords(seen: SeenVerdict): string {
  const verdict = verdictIn(seen);
  return verdict === null ? `${seen} state` : verdictLook(verdict, false).word;
}

/** The same of a name that may be anything. */
export const seenNameWords = (name: string): string => {
  const seen = seenVerdicts.find((each) => each === name);
  return seen ? seenWords(seen) : name;
};
