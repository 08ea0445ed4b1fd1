/** `RunStateBadge`: where a run stands, in a word. */
import type { RunRow } from "@/lib/core/rows";
import { Badge } from "@/components/ui/badge";
import { stateWords } from "./run-words";

type Props = Pick<RunRow, "state" | "endReason"> & {
  /** Whether it waits for its model server. */
  waiting?: boolean;
};

export function RunStateBadge({ state, endReason, waiting = false }: Props) {
  const { word, tone } = stateWords({ state, endReason }, waiting);
  return <Badge tone={tone}>{word}</Badge>;
}
