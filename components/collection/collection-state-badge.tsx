/** `CollectionStateBadge`: where a collection stands, in a word or three. */
import type { CollectionRow } from "@/lib/core/rows";
import { Badge } from "@/components/ui/badge";
import { stateWords } from "./collection-words";

export function CollectionStateBadge(props: Pick<CollectionRow, "state" | "endReason">) {
  const { word, tone } = stateWords(props);
  return <Badge tone={tone}>{word}</Badge>;
}
