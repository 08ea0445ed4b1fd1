/** `VerificationBadge`: whether a replay check is under way, through, or was stopped. */
import type { VerificationRow } from "@/lib/core/rows";
import { Badge } from "@/components/ui/badge";

export function VerificationBadge({ state }: Pick<VerificationRow, "state">) {
  if (state === "running") return <Badge tone="accent">running</Badge>;
  return state === "done" ? <Badge>done</Badge> : <Badge tone="warn">stopped</Badge>;
}
