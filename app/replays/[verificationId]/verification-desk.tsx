"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { VerificationRow } from "@/lib/core/rows";
import { VerificationBadge } from "@/components/replay/verification-badge";
import { behindOf, outcomeParts, totalOf } from "@/components/replay/verification-words";
import { Button } from "@/components/ui/button";
import { Fact, Facts } from "@/components/ui/facts";
import { FailureNote } from "@/components/ui/failure-note";
import { formatCount, plural } from "@/components/ui/numbers";
import { PageHeader } from "@/components/ui/page-header";
import { ProgressBar } from "@/components/ui/progress-bar";
import { Section } from "@/components/ui/section";
import { Time } from "@/components/ui/time";
import { useAct } from "../../use-act";
import { useRefreshed } from "../../use-refreshed";
import { cancelVerification, resumeVerification } from "../actions";
import { verificationQuery } from "../queries";

/** One replay check: how far it is and what it found; follows it while it runs. */
export function VerificationDesk({ initial, children }: { initial: VerificationRow; children: ReactNode }) {
  const { verificationId } = initial;
  const { data, error } = useQuery({ ...verificationQuery(verificationId), initialData: initial });
  const { state, outcomes, createdBy, createdAt } = data;
  const client = useQueryClient();
  const { pending, failure, act } = useAct();
  const again = () => void client.invalidateQueries({ queryKey: ["verification", verificationId] });
  const total = totalOf(outcomes);
  useRefreshed(`${state} ${behindOf(outcomes)}`);
  return (
    <div className="flex flex-col gap-4">
      <PageHeader
        title={`Replay check of ${plural(total, "trajectory", "trajectories")}`}
        back={{ href: "/replays", label: "Replay checks" }}
        meta={
          <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
            <VerificationBadge state={state} />
            <Facts>
              <Fact name="by">{createdBy}</Fact>
              <Fact name="started">
                <Time at={createdAt} />
              </Fact>
            </Facts>
          </div>
        }
      />
      {failure ? <FailureNote failure={failure} /> : null}
      {error ? (
        <FailureNote failure={{ message: error.message, fix: "What is shown is the last that was known." }} />
      ) : null}
      <Section
        title="How faithful are the replays?"
        actions={
          state === "running" ? (
            <Button
              size="sm"
              variant="danger"
              disabled={pending}
              onClick={() => act(() => cancelVerification({ verificationId }), again)}
            >
              Stop
            </Button>
          ) : outcomes.errored + outcomes.cancelled > 0 ? (
            <Button
              size="sm"
              disabled={pending}
              onClick={() => act(() => resumeVerification({ verificationId }), again)}
            >
              {outcomes.cancelled > 0 ? "Go on" : "Try the errored again"}
            </Button>
          ) : null
        }
      >
        <div className="flex flex-col gap-3">
          <p className="text-lg font-semibold" aria-live="polite">
            {formatCount(outcomes.verified)} verified of {formatCount(behindOf(outcomes))} replayed
          </p>
          <ProgressBar label="Replays" total={total} parts={outcomeParts(outcomes)} />
          <Facts>
            <Fact name="verified">{formatCount(outcomes.verified)}</Fact>
            <Fact name="diverged">{formatCount(outcomes.diverged)}</Fact>
            <Fact name="not replayable">{formatCount(outcomes.not_replayable)}</Fact>
            <Fact name="errored">{formatCount(outcomes.errored)}</Fact>
            <Fact name="waiting">{formatCount(outcomes.queued)}</Fact>
            {outcomes.cancelled > 0 ? (
              <Fact name="not reached">{formatCount(outcomes.cancelled)}</Fact>
            ) : null}
          </Facts>
          <p className="max-w-[90ch] text-sm text-ink-2">
            A trajectory that diverged cannot be mined: what an agent reaches there is not what the expert
            stood before. An errored replay says nothing and leaves what was known.
          </p>
        </div>
      </Section>
      {children}
    </div>
  );
}
