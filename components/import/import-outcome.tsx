/** `ImportOutcome`: how an import goes or went: counts, and what broke. */
import type { ImportRow } from "@/lib/core/rows";
import { ErrorNote } from "@/components/ui/error-note";
import { Stat } from "@/components/ui/facts";
import { formatCount } from "@/components/ui/numbers";
import { Section } from "@/components/ui/section";

export function ImportOutcome({ row }: { row: ImportRow }) {
  const thing = row.kind === "evidence" ? "rollouts" : "trajectories";
  return (
    <Section
      title={row.state === "storing" ? "Storing…" : row.state === "stored" ? "Stored" : "Stopped early"}
    >
      <div className="flex flex-col gap-4">
        {row.error === null ? null : (
          <ErrorNote
            message={row.error}
            fix={
              row.kind === "trajectories"
                ? "What was stored before it stays. Go on with the same file below, or correct it and import it anew: what is already here is counted as a duplicate, not stored twice."
                : "What was stored before it stays. Correct the file and send it again: what is already here is counted as a duplicate, not stored twice."
            }
          />
        )}
        <div className="flex flex-wrap gap-x-12 gap-y-4" aria-live="polite">
          <Stat name="Records read" value={formatCount(row.records)} />
          <Stat name="Stored" value={formatCount(row.stored)} note={thing} />
          <Stat name="Duplicates" value={formatCount(row.duplicates)} note="already here, kept once" />
          <Stat
            name="Rejected"
            value={formatCount(row.rejected)}
            note={row.rejected > 0 ? "reasons below" : "none"}
          />
        </div>
      </div>
    </Section>
  );
}
