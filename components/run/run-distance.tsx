/** `RunDistance`: how far is the run? One bar, the counts behind it, and when it will be through at this pace. */
import type { ReactNode } from "react";
import type { RunActivity, RunProgress, RunRow } from "@/lib/core/rows";
import { Fact, Facts } from "@/components/ui/facts";
import { formatCount, formatDuration, plural } from "@/components/ui/numbers";
import { ProgressBar } from "@/components/ui/progress-bar";
import { Section } from "@/components/ui/section";
import { isLive, ratePerMinute, remainingMs, rolloutParts, rolloutTotal } from "./run-words";

type Props = { run: RunRow; progress: RunProgress; activity: RunActivity; now: Date; actions: ReactNode };

export function RunDistance({ run, progress, activity, now, actions }: Props) {
  const total = rolloutTotal(progress);
  const { completed, running, queued, errored, cancelled } = progress.rollouts;
  const { trajectories } = progress;
  const until = run.finishedAt ?? (isLive(run.state) ? now : null);
  const rate = run.state === "running" ? ratePerMinute(run, activity, now) : null;
  const remaining = remainingMs(run, progress, rate);
  return (
    <Section title="How far is it?" actions={actions}>
      <div className="flex flex-col gap-3">
        <p className="text-lg font-semibold" aria-live="polite">
          {formatCount(completed + errored)} of {plural(total, "rollout")} · {formatCount(trajectories.done)}{" "}
          of {plural(trajectories.total, "trajectory", "trajectories")} done
        </p>
        <ProgressBar label="Rollouts" total={total} parts={rolloutParts(progress)} />
        <Facts>
          <Fact name="done">{formatCount(completed)}</Fact>
          <Fact name="running">{formatCount(running)}</Fact>
          <Fact name="queued">{formatCount(queued)}</Fact>
          <Fact name="errored">{formatCount(errored)}</Fact>
          {cancelled > 0 ? <Fact name="cancelled">{formatCount(cancelled)}</Fact> : null}
          {run.startedAt && until ? (
            <Fact name={run.finishedAt ? "took" : "running for"}>
              <span suppressHydrationWarning>
                {formatDuration(until.getTime() - run.startedAt.getTime())}
              </span>
            </Fact>
          ) : null}
          {rate === null ? null : (
            <Fact name="pace">
              <span suppressHydrationWarning>{formatCount(rate)} rollouts a minute</span>
            </Fact>
          )}
          {remaining === null ? null : (
            <Fact name="left at this pace">
              <span suppressHydrationWarning>about {formatDuration(remaining)}</span>
            </Fact>
          )}
        </Facts>
        {run.state === "paused" ? (
          <p className="text-sm text-ink-2">
            Paused: no rollout is started.{" "}
            {running > 0 ? "Those under way are given back within seconds. " : ""}
            Going on repeats none of the recorded steps.
          </p>
        ) : null}
        {run.state === "queued" && queued === total ? (
          <p className="text-sm text-ink-2">
            Waiting for a worker. Gleaner starts one by itself; <code>npm run worker</code> starts more, on
            this machine or others.
          </p>
        ) : null}
      </div>
    </Section>
  );
}
