"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { VerdictCounts } from "@/components/charts/verdict-counts";
import { RuleControl } from "@/components/run/rule-control";
import { RunCost } from "@/components/run/run-cost";
import { RunDistance } from "@/components/run/run-distance";
import { RunHealth } from "@/components/run/run-health";
import { RunStateBadge } from "@/components/run/run-state-badge";
import { configWords, isLive } from "@/components/run/run-words";
import { Button, ButtonLink } from "@/components/ui/button";
import { Fact, Facts } from "@/components/ui/facts";
import { FailureNote } from "@/components/ui/failure-note";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import { Time } from "@/components/ui/time";
import { useAct } from "../../use-act";
import { useRefreshed } from "../../use-refreshed";
import { cancelRun, resumeRun, retryErrored } from "../actions";
import { runQuery, type RunView } from "../queries";
import { useRule } from "./use-rule";

/** One run: healthy, how far, what it found, what it cost; follows it while it is live. */
export function RunDesk({ initial, children }: { initial: RunView; children: ReactNode }) {
  const { runId } = initial.run;
  const { data, error, dataUpdatedAt } = useQuery({ ...runQuery(runId), initialData: initial });
  const { run, policy, progress, errors } = data;
  const client = useQueryClient();
  const { pending, failure, act } = useAct();
  const again = () => void client.invalidateQueries({ queryKey: ["run", runId] });
  const rule = useRule(run);
  useRefreshed(`${run.state} ${progress.trajectories.done} ${progress.trajectories.errored}`);
  const mined = run.origin === "mined";
  const found = Object.values(progress.verdicts).some((count) => count > 0);
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
        now={new Date(dataUpdatedAt)}
        actions={
          run.state === "queued" || run.state === "running" ? (
            <Button
              size="sm"
              variant="danger"
              disabled={pending}
              onClick={() => act(() => cancelRun({ runId }), again)}
            >
              Stop
            </Button>
          ) : mined && progress.rollouts.cancelled > 0 && !isLive(run.state) ? (
            <Button size="sm" disabled={pending} onClick={() => act(() => resumeRun({ runId }), again)}>
              Go on
            </Button>
          ) : null
        }
      />
      <Section title="What did it find?">
        <div className="flex flex-col gap-5">
          <div className="grid gap-x-10 gap-y-5 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
            {found ? (
              <VerdictCounts title="What are the expert’s actions worth?" counts={progress.verdicts} />
            ) : (
              <p className="text-sm text-ink-2">
                Verdicts appear as soon as the first trajectory is through.
              </p>
            )}
            <div>
              <RuleControl {...rule.control} attempts={mined ? run.config.attempts : null} />
              <p className="mt-1 text-xs text-ink-2">
                Verdicts follow at once from the stored rollouts; nothing is simulated again.
              </p>
              {rule.failure ? <FailureNote failure={rule.failure} /> : null}
            </div>
          </div>
        </div>
      </Section>
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
