/** `RunStateBadge`: where a run stands, in a word. */
import type { RunState } from "@/lib/core/run";
import { Badge } from "@/components/ui/badge";
import { stateWords } from "./run-words";

export function RunStateBadge({ state }: { state: RunState }) {
  const { word, tone } = stateWords(state);
  return <Badge tone={tone}>{word}</Badge>;
}
