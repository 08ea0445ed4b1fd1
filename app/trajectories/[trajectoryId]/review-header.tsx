"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import type { ReviewRows } from "@/lib/core/review-rows";
import { ReplayBadge } from "@/components/trajectory/replay-badge";
import { VisibleText } from "@/components/trajectory/text-block";
import { Badge } from "@/components/ui/badge";
import { Fact, Facts } from "@/components/ui/facts";
import { formatReward } from "@/components/ui/numbers";

/** What the trajectory is and what was asked, always in sight; `tools` stand at the right. */
export function ReviewHeader(props: { rows: ReviewRows; backHref: string; tools: ReactNode }) {
  const { rows, backHref, tools } = props;
  const { trajectory } = rows;
  return (
    <header className="flex flex-col gap-1.5 border-b border-line bg-surface px-6 py-2.5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <p className="flex items-center gap-1.5 text-sm">
          <Link href={backHref} className="text-ink-3 hover:text-ink hover:underline">
            Trajectories
          </Link>
          <span aria-hidden className="text-ink-3">
            /
          </span>
          <span className="max-w-[28ch] truncate font-medium text-ink" title={trajectory.subtaskKey}>
            {trajectory.subtaskKey}
          </span>
        </p>
        <Outcome trajectory={trajectory} />
        <Facts>
          <Fact name="environment">{trajectory.environmentName}</Fact>
          <Fact name={trajectory.source}>{trajectory.model ?? "unknown model"}</Fact>
          <Fact name="reward">
            {formatReward(trajectory.reward)}
            {trajectory.bestReward === null ? null : (
              <span className="text-ink-3"> of {formatReward(trajectory.bestReward)}</span>
            )}
          </Fact>
        </Facts>
        <ReplayBadge state={rows.replay.state} />
        <div className="ml-auto flex items-center gap-3">{tools}</div>
      </div>
      <h1
        // Scrolls when it is long, so the keyboard must reach it.
        tabIndex={0}
        className="max-h-[72px] overflow-y-auto text-lg font-medium text-ink [overflow-wrap:anywhere]"
      >
        <VisibleText text={trajectory.instruction} />
      </h1>
    </header>
  );
}

function Outcome({ trajectory }: { trajectory: Pick<ReviewRows["trajectory"], "success"> }) {
  if (trajectory.success === null) return <Badge>outcome unknown</Badge>;
  return trajectory.success ? <Badge tone="good">solved</Badge> : <Badge tone="bad">failed</Badge>;
}
