/** `RunHealth`: is the run healthy? Broken rollouts by reason, with what to do; `actions` retries them. */
import Link from "next/link";
import type { ReactNode } from "react";
import { CircleCheck } from "lucide-react";
import type { RunCondition } from "@/lib/core/run-condition";
import type { EndpointRow } from "@/lib/core/endpoint";
import type { RunFault, RunProgress, RunRow } from "@/lib/core/rows";
import { ErrorNote } from "@/components/ui/error-note";
import { plural } from "@/components/ui/numbers";
import { Section } from "@/components/ui/section";
import { EndpointState } from "./endpoint-state";
import { RunConditionNote } from "./run-condition";
import { fixFor } from "./error-fixes";
import { faultClasses, isLive, rolloutHref } from "./run-words";

type Props = {
  run: RunRow;
  progress: RunProgress;
  errors: RunFault[];
  /** How its model server stands; null where there is none, or none was asked yet. */
  endpoint: EndpointRow | null;
  condition: RunCondition | null;
  actions: ReactNode;
  /** Goes on with a run that failed. */
  goOn: ReactNode;
};

export function RunHealth({ run, progress, errors, endpoint, condition, actions, goOn }: Props) {
  const { errored } = progress.rollouts;
  const { diverged } = progress.trajectories;
  const broken = errored > 0 || errors.length > 0;
  return (
    <Section title="Is it healthy?" actions={errored > 0 && run.state !== "failed" ? actions : null}>
      <div className="flex flex-col gap-3">
        {condition ? (
          <RunConditionNote condition={condition}>
            {condition.kind === "failed" ? goOn : null}
          </RunConditionNote>
        ) : run.error ? (
          <ErrorNote message={run.error} />
        ) : null}
        {endpoint?.breaker === "closed" && isLive(run.state) ? <EndpointState endpoint={endpoint} /> : null}
        {broken || diverged > 0 ? (
          <p className="max-w-[90ch] text-sm text-ink-2">
            {plural(errored, "rollout")} broke and {diverged === 0 ? "no replay" : plural(diverged, "replay")}{" "}
            diverged. A broken rollout is never evidence, neither for nor against: what it would have shown
            stays undecided.
          </p>
        ) : run.state === "failed" ? null : (
          <p className="flex items-center gap-2 text-sm">
            <CircleCheck aria-hidden className="size-4 text-beneficial" />
            {progress.trajectories.done === 0
              ? "No rollout has broken so far."
              : "No rollout broke, and no replay differed from its recording."}
          </p>
        )}
        {errors.length > 0 ? (
          <ul className="flex flex-col gap-2">
            {faultClasses(errors).map((each) => (
              <FaultClass key={each.code} runId={run.runId} {...each} />
            ))}
          </ul>
        ) : null}
      </div>
    </Section>
  );
}

function FaultClass(props: { runId: number; code: string; rollouts: number; faults: RunFault[] }) {
  const { runId, code, rollouts, faults } = props;
  return (
    <li className="rounded border border-danger-line bg-danger-soft px-3 py-2 text-sm">
      <p>
        <span className="font-medium">
          {plural(rollouts, "rollout")}:{" "}
          {code === "imported" ? "errored where it was made" : code.replaceAll("_", " ")}.
        </span>{" "}
        <span className="text-ink-2">{fixFor(code)}</span>
      </p>
      <ul className="mt-1 flex flex-col gap-1">
        {faults.map((fault) => (
          <li key={fault.message} className="flex flex-wrap items-baseline gap-x-3">
            <span className="line-clamp-3 min-w-0 flex-1 basis-80 [overflow-wrap:anywhere]">
              {faults.length > 1 ? `${fault.rollouts}× ` : ""}
              {fault.message}
            </span>
            <span className="flex shrink-0 flex-wrap gap-x-2 text-xs">
              {fault.examples.map((rollout) => (
                <Link
                  key={rollout.rolloutId}
                  href={rolloutHref(runId, rollout)}
                  className="text-ink underline underline-offset-2"
                >
                  trajectory {rollout.trajectoryId}, state {rollout.stateIndex}, try {rollout.attempt}
                </Link>
              ))}
              {fault.rollouts > fault.examples.length ? (
                <span className="text-ink-3">and {fault.rollouts - fault.examples.length} more</span>
              ) : null}
            </span>
          </li>
        ))}
      </ul>
    </li>
  );
}
