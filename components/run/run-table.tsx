/** `RunTable` with a `RunLine` per run: state, how far, what it found, which agent, what it cost. */
import { Check, X } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import type { RunProgress, RunRow } from "@/lib/core/rows";
import { formatCount } from "@/components/ui/numbers";
import { ProgressBar } from "@/components/ui/progress-bar";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { mixWords, VerdictMix } from "@/components/trajectory/verdict-mix";
import { RunStateBadge } from "./run-state-badge";
import { mixOf, rolloutParts, rolloutTotal } from "./run-words";

export function RunTable({ children }: { children: ReactNode }) {
  return (
    <Table caption="Runs">
      <thead>
        <tr>
          <Th className="w-[26%] min-w-56">Run</Th>
          <Th>State</Th>
          <Th className="w-[20%] min-w-40">Rollouts</Th>
          <Th className="w-[22%] min-w-48">Actions found</Th>
          <Th>Agent</Th>
          <Th align="end">Model calls</Th>
          <Th align="end">Created</Th>
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </Table>
  );
}

type Line = {
  run: RunRow;
  progress: RunProgress;
  /** Whether it waits for its model server. */
  waiting: boolean;
};

export function RunLine({ run, progress, waiting }: Line) {
  const total = rolloutTotal(progress);
  const behind = progress.rollouts.completed + progress.rollouts.errored;
  const mix = mixOf(progress);
  return (
    <Tr>
      <Td truncate>
        <Link href={`/runs/${run.runId}`} className="font-medium text-ink hover:underline" title={run.name}>
          {run.name}
        </Link>
      </Td>
      <Td>
        <RunStateBadge {...run} waiting={waiting} />
      </Td>
      <Td>
        <span className="flex items-center gap-2">
          <ProgressBar label={`Rollouts of ${run.name}`} total={total} parts={rolloutParts(progress)} />
          <span className="w-24 shrink-0 text-right text-xs text-ink-2">
            {formatCount(behind)} / {formatCount(total)}
          </span>
        </span>
      </Td>
      <Td>
        {mixWords(mix) === "no verdicts" ? (
          <span className="text-xs text-ink-3">nothing yet</span>
        ) : (
          <span className="flex items-center gap-2">
            <VerdictMix mix={mix} />
            <span className="flex w-24 shrink-0 items-center gap-1 text-xs text-ink-2" title={mixWords(mix)}>
              <Check aria-label="beneficial" className="size-3 text-beneficial" strokeWidth={2.5} />
              {formatCount(mix.beneficial)}
              <X aria-label="harmful" className="ml-2 size-3 text-harmful" strokeWidth={2.5} />
              {formatCount(mix.harmful)}
            </span>
          </span>
        )}
      </Td>
      <Td truncate className="min-w-32" title={run.checkpoint}>
        {run.checkpoint}
      </Td>
      <Td align="end">{run.origin === "imported" ? "imported" : formatCount(progress.calls)}</Td>
      <Td align="end" className="text-ink-2">
        <Time at={run.createdAt} />
      </Td>
    </Tr>
  );
}
