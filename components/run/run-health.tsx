/** `RunHealth`: is the run healthy? Broken rollouts by reason, with what to do; `actions` retries them. */
import Link from "next/link";
import type { ReactNode } from "react";
import { CircleCheck } from "lucide-react";
import type { RunProgress, RunRow } from "@/lib/core/rows";
import { ErrorNote } from "@/components/ui/error-note";
import { plural } from "@/components/ui/numbers";
import { Section } from "@/components/ui/section";
import { fixFor } from "./error-fixes";

export type RunFault = { code: string; message: string; rollouts: number; trajectoryId: number };
type Props = { run: RunRow; progress: RunProgress; errors: RunFault[]; actions: ReactNode };

export function RunHealth({ run, progress, errors, actions }: Props) {
  const { errored } = progress.rollouts;
  const { diverged } = progress.trajectories;
  const broken = errored > 0 || errors.length > 0 || run.error !== null;
  return (
    <Section title="Is it healthy?" actions={errored > 0 ? actions : null}>
      <div className="flex flex-col gap-3">
        {run.error === null ? null : <ErrorNote message={run.error} />}
        {broken || diverged > 0 ? (
          <p className="max-w-[90ch] text-sm text-ink-2">
            {plural(errored, "rollout")} broke and {diverged === 0 ? "no replay" : plural(diverged, "replay")}{" "}
            diverged. A broken rollout is never evidence, neither for nor against: what it would have shown
            stays undecided.
          </p>
        ) : (
          <p className="flex items-center gap-2 text-sm">
            <CircleCheck aria-hidden className="size-4 text-beneficial" />
            {progress.trajectories.done === 0
              ? "No rollout has broken so far."
              : "No rollout broke, and no replay differed from its recording."}
          </p>
        )}
        {errors.length > 0 ? (
          <ul className="flex flex-col gap-2">
            {errors.map((fault) => (
              <Fault key={`${fault.code} ${fault.message}`} runId={run.runId} fault={fault} />
            ))}
          </ul>
        ) : null}
      </div>
    </Section>
  );
}

function Fault({ runId, fault }: { runId: number; fault: RunFault }) {
  return (
    <li className="rounded border border-danger-line bg-danger-soft px-3 py-2 text-sm">
      <p className="break-words">
        <span className="font-medium">
          {plural(fault.rollouts, "rollout")}:{" "}
          {fault.code === "imported" ? "errored where it was made" : fault.code.replaceAll("_", " ")}.
        </span>{" "}
        <span className="line-clamp-3 [overflow-wrap:anywhere]">{fault.message}</span>
      </p>
      <p className="mt-1 text-ink-2">
        {fixFor(fault.code)}{" "}
        <Link
          href={`/trajectories/${fault.trajectoryId}?run=${runId}`}
          className="whitespace-nowrap text-ink underline underline-offset-2"
        >
          See one of them
        </Link>
      </p>
    </li>
  );
}
