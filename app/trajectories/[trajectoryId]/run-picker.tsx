"use client";
import Link from "next/link";
import type { ReviewRows } from "@/lib/core/review-rows";
import { Badge } from "@/components/ui/badge";
import { Select } from "@/components/ui/field";

/** Whose verdicts are on show: the run, its agent, and the confidence it asks for. */
export function RunPicker({ rows, onRun }: { rows: ReviewRows; onRun: (runId: number) => void }) {
  const { run, runs, stale } = rows;
  if (!run) return null;
  return (
    <div className="flex h-10 shrink-0 items-center gap-3 border-b border-line px-4 text-xs text-ink-3">
      <label htmlFor="run">Run</label>
      <Select
        id="run"
        className="flex-1"
        value={run.runId}
        onChange={(event) => onRun(Number(event.target.value))}
      >
        {runs.map((r) => (
          <option key={r.runId} value={r.runId}>
            {r.name} · {r.checkpoint}
          </option>
        ))}
      </Select>
      {stale ? (
        <Link href={`/campaigns/${stale.campaignId}`}>
          <Badge
            tone="warn"
            title={`Campaign “${stale.name}” has come to ${stale.checkpoint}: these verdicts are of an older checkpoint`}
          >
            stale
          </Badge>
        </Link>
      ) : null}
      <span className="whitespace-nowrap" title="Least P for a beneficial or harmful verdict; 0 is the paper">
        α <span className="text-ink">{formatAlpha(run.alpha)}</span>
      </span>
    </div>
  );
}

function formatAlpha(alpha: number): string {
  return String(alpha).replace(/^0\./, ".");
}
