/** `Reachable`: whether an environment could be connected when it was last tried, and what to do where it could not. */
import type { EnvironmentRow } from "@/lib/core/rows";
import { Badge } from "@/components/ui/badge";
import { FailureNote } from "@/components/ui/failure-note";
import { Time } from "@/components/ui/time";

export function Reachable({ row, needs }: { row: EnvironmentRow; needs: string | null }) {
  const { checkError, checkedAt } = row;
  const when = checkedAt ? <Time at={checkedAt} /> : null;
  return (
    <div className="flex flex-col gap-2 text-sm">
      {checkError ? (
        <FailureNote failure={{ message: checkError.message, fix: checkError.fix ?? undefined }} />
      ) : null}
      <p className="flex flex-wrap items-center gap-2 text-ink-2">
        {checkError ? (
          <Badge tone="bad">not reachable</Badge>
        ) : checkedAt ? (
          <Badge tone="good">reachable</Badge>
        ) : (
          <Badge>not tried yet</Badge>
        )}
        {when ? <span>tried {when}</span> : null}
        {needs === null ? <span>needs nothing but Gleaner</span> : <span>needs {needs}</span>}
      </p>
    </div>
  );
}
