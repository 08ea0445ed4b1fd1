"use client";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { RaiseRunBudget } from "@/components/run/raise-run-budget";
import { RunCost } from "@/components/run/run-cost";
import { RunDistance } from "@/components/run/run-distance";
import { RunHealth } from "@/components/run/run-health";
import { RunStateBadge } from "@/components/run/run-state-badge";
import { RunWorkers } from "@/components/run/run-workers";
import { budgetWords, configWords, isLive } from "@/components/run/run-words";
import { Button, ButtonLink } from "@/components/ui/button";
import { Fact, Facts } from "@/components/ui/facts";
import { FailureNote } from "@/components/ui/failure-note";
import { PageHeader } from "@/components/ui/page-header";
import { Time } from "@/components/ui/time";
import { useRefreshed } from "../../use-refreshed";
import { runQuery, type RunView } from "../queries";
import { FoundPart } from "./found-part";
import { LimitsPart } from "./limits-part";
import { RunSteering, useRunActions } from "./run-actions";
import { useRunEvents } from "./use-run-events";

/** One run: healthy, how far, what it found, what it cost; follows it while it is live. */
export function RunDesk({ initial, children }: { initial: RunView; children: ReactNode }) {
  const { runId } = initial.run;
  const told = useRunEvents(runId, isLive(initial.run.state));
  const { data, error, dataUpdatedAt } = useQuery({ ...runQuery(runId, told), initialData: initial });
  const { run, policy, progress, errors, activity, endpoint, condition } = data;
  const now = new Date(dataUpdatedAt);
  const actions = useRunActions(runId);
  useRefreshed(`${run.state} ${progress.trajectories.done} ${progress.trajectories.errored}`);
  const mined = run.origin === "mined";
  return (
    <div className="flex flex-col gap-4">
      <PageHeader
        title={run.name}
        back={{ href: "/runs", label: "Runs" }}
        meta={<RunFacts run={run} policy={policy} condition={condition} />}
        action={
          <ButtonLink
            href={`/datasets/new?run=${runId}`}
            variant={isLive(run.state) ? "secondary" : "primary"}
          >
            Freeze a dataset from this run
          </ButtonLink>
        }
      />
      {actions.failure ? <FailureNote failure={actions.failure} /> : null}
      {error ? (
        <FailureNote failure={{ message: error.message, fix: "What is shown is the last that was known." }} />
      ) : null}
      <RunHealth
        run={run}
        progress={progress}
        errors={errors}
        endpoint={endpoint}
        condition={condition}
        actions={
          mined ? (
            <Button size="sm" disabled={actions.pending} onClick={actions.retry}>
              Try them again
            </Button>
          ) : null
        }
        goOn={
          <Button size="sm" disabled={actions.pending} onClick={actions.retry}>
            Go on
          </Button>
        }
      />
      {run.endReason === null ? null : (
        <RaiseRunBudget run={run} pending={actions.pending} onRaise={actions.raise} />
      )}
      <RunDistance
        run={run}
        progress={progress}
        activity={activity}
        now={now}
        actions={<RunSteering run={run} progress={progress} actions={actions} />}
      />
      <FoundPart run={run} progress={progress} />
      {mined && activity.workers.length > 0 ? <RunWorkers activity={activity} /> : null}
      {mined && endpoint ? <LimitsPart run={run} endpoint={endpoint} now={now} /> : null}
      {mined ? (
        <RunCost run={run} progress={progress} free={policy !== null && policy.kind !== "openai"} />
      ) : null}
      {children}
    </div>
  );
}

function RunFacts({ run, policy, condition }: Pick<RunView, "run" | "policy" | "condition">) {
  const budget = budgetWords(run);
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <RunStateBadge {...run} waiting={condition?.kind === "waiting"} />
      <Facts>
        <Fact name="agent">{policy ? `${policy.name} (${run.checkpoint})` : run.checkpoint}</Fact>
        <Fact name="set-up">{configWords(run)}</Fact>
        <Fact name="rule">{run.ruleVersion}</Fact>
        {budget === null ? null : <Fact name="budget">{budget}</Fact>}
        <Fact name="by">{run.createdBy}</Fact>
        <Fact name="created">
          <Time at={run.createdAt} />
        </Fact>
      </Facts>
    </div>
  );
}
