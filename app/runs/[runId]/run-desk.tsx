"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { RunCost } from "@/components/run/run-cost";
import { RunDistance } from "@/components/run/run-distance";
import { RunHealth } from "@/components/run/run-health";
import { RunStateBadge } from "@/components/run/run-state-badge";
import { RunWorkers } from "@/components/run/run-workers";
import { configWords, isLive } from "@/components/run/run-words";
import { Button, ButtonLink } from "@/components/ui/button";
import { Fact, Facts } from "@/components/ui/facts";
import { FailureNote } from "@/components/ui/failure-note";
import { PageHeader } from "@/components/ui/page-header";
import { Time } from "@/components/ui/time";
import { useAct } from "../../use-act";
import { useRefreshed } from "../../use-refreshed";
import { cancelRun, pauseRun, resumeRun, retryErrored, unpauseRun } from "../actions";
import { runQuery, type RunView } from "../queries";
import { FoundPart } from "./found-part";
import { useRunEvents } from "./use-run-events";

/** One run: healthy, how far, what it found, what it cost; follows it while it is live. */
export function RunDesk({ initial, children }: { initial: RunView; children: ReactNode }) {
  const { runId } = initial.run;
  const told = useRunEvents(runId, isLive(initial.run.state));
  const { data, error, dataUpdatedAt } = useQuery({ ...runQuery(runId, told), initialData: initial });
  const { run, policy, progress, errors, activity, endpoint } = data;
  const client = useQueryClient();
  const { pending, failure, act } = useAct();
  const again = () => void client.invalidateQueries({ queryKey: ["run", runId] });
  useRefreshed(`${run.state} ${progress.trajectories.done} ${progress.trajectories.errored}`);
  const mined = run.origin === "mined";
  return (
    <div className="flex flex-col gap-4">
      <PageHeader
        title={run.name}
        back={{ href: "/runs", label: "Runs" }}
        meta={<RunFacts run={run} policy={policy} />}
        action={
          <ButtonLink
            href={`/datasets/new?run=${runId}`}
            variant={isLive(run.state) ? "secondary" : "primary"}
          >
            Freeze a dataset from this run
          </ButtonLink>
        }
      />
      {failure ? <FailureNote failure={failure} /> : null}
      {error ? (
        <FailureNote failure={{ message: error.message, fix: "What is shown is the last that was known." }} />
      ) : null}
      <RunHealth
        run={run}
        progress={progress}
        errors={errors}
        endpoint={endpoint}
        actions={
          mined ? (
            <Button size="sm" disabled={pending} onClick={() => act(() => retryErrored({ runId }), again)}>
              Try them again
            </Button>
          ) : null
        }
      />
      <RunDistance
        run={run}
        progress={progress}
        activity={activity}
        now={new Date(dataUpdatedAt)}
        actions={
          run.state === "queued" || run.state === "running" || run.state === "paused" ? (
            <>
              {run.state === "paused" ? (
                <Button size="sm" disabled={pending} onClick={() => act(() => unpauseRun({ runId }), again)}>
                  Go on
                </Button>
              ) : (
                <Button size="sm" disabled={pending} onClick={() => act(() => pauseRun({ runId }), again)}>
                  Pause
                </Button>
              )}
              <Button
                size="sm"
                variant="danger"
                disabled={pending}
                onClick={() => act(() => cancelRun({ runId }), again)}
              >
                Stop
              </Button>
            </>
          ) : mined && progress.rollouts.cancelled > 0 && !isLive(run.state) ? (
            <Button size="sm" disabled={pending} onClick={() => act(() => resumeRun({ runId }), again)}>
              Go on
            </Button>
          ) : null
        }
      />
      <FoundPart run={run} progress={progress} />
      {mined && activity.workers.length > 0 ? <RunWorkers activity={activity} /> : null}
      {mined ? <RunCost progress={progress} free={policy !== null && policy.kind !== "openai"} /> : null}
      {children}
    </div>
  );
}

function RunFacts({ run, policy }: Pick<RunView, "run" | "policy">) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <RunStateBadge state={run.state} />
      <Facts>
        <Fact name="agent">{policy ? `${policy.name} (${run.checkpoint})` : run.checkpoint}</Fact>
        <Fact name="set-up">{configWords(run)}</Fact>
        <Fact name="rule">{run.ruleVersion}</Fact>
        <Fact name="by">{run.createdBy}</Fact>
        <Fact name="created">
          <Time at={run.createdAt} />
        </Fact>
      </Facts>
    </div>
  );
}
