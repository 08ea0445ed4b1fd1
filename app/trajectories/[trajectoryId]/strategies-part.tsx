"use client";
import { useRouter } from "next/navigation";
import { useEffect, useId, useState } from "react";
import type { CritiqueRow, ReviewRows, StepRow } from "@/lib/core/review-rows";
import { StrategyGrid } from "@/components/trajectory/strategy-grid";
import { StrategyWords } from "@/components/trajectory/strategy-words";
import { VisibleText } from "@/components/trajectory/text-block";
import { Button } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import { Select } from "@/components/ui/field";
import { Kbd } from "@/components/ui/kbd";
import { Part } from "@/components/ui/part";
import { Time } from "@/components/ui/time";
import { useAct } from "../../use-act";
import { useKeys } from "../use-keys";
import { askCritic } from "../actions";
import type { Critics } from "../ask-critic";

/** How often a critique that is under way is looked after. */
const LOOK_MS = 2000;

/** What each strategy says of the selected action and, on demand, of all of them; and a way to ask a critic. */
export function StrategiesPart(props: {
  rows: ReviewRows;
  critics: Critics;
  step: StepRow;
  onSelect: (stepIndex: number) => void;
}) {
  const { rows, critics, step, onSelect } = props;
  const { strategies, disagreements, critique } = rows;
  const [all, setAll] = useState(false);
  useKeys({ g: { run: () => setAll(!all), held: false } }, true);
  return (
    <Part
      title="Strategies"
      note="what each would do with this action"
      actions={
        <Button size="sm" variant="quiet" aria-pressed={all} onClick={() => setAll(!all)}>
          All actions <Kbd>g</Kbd>
        </Button>
      }
    >
      <div className="flex flex-col gap-3">
        {all ? (
          <StrategyGrid
            strategies={strategies}
            disagreements={disagreements}
            selected={step.stepIndex}
            onSelect={onSelect}
          />
        ) : null}
        <StrategyWords strategies={strategies} disagreements={disagreements} stepIndex={step.stepIndex} />
        <AskCritic trajectoryId={rows.trajectory.trajectoryId} critics={critics} critique={critique} />
      </div>
    </Part>
  );
}

function AskCritic(props: { trajectoryId: number; critics: Critics; critique: CritiqueRow | null }) {
  const { trajectoryId, critics, critique } = props;
  const id = useId();
  const router = useRouter();
  const [chosen, choose] = useState(critics[0]?.policyId ?? null);
  const { pending, failure, act } = useAct();
  const waiting = critique?.status === "queued" || critique?.status === "running";
  useEffect(() => {
    if (!waiting) return;
    const timer = setInterval(() => router.refresh(), LOOK_MS);
    return () => clearInterval(timer);
  }, [waiting, router]);
  const ask = () => {
    if (chosen !== null)
      act(
        () => askCritic({ policyId: chosen, selection: { trajectoryIds: [trajectoryId] } }),
        () => undefined,
      );
  };
  return (
    <div className="flex flex-col gap-1.5 text-sm text-ink-2">
      {critics.length === 0 ? (
        <p className="text-xs text-ink-3">
          To ask a critic, add a policy that is an OpenAI-compatible endpoint.
        </p>
      ) : (
        <div className="flex flex-wrap items-center gap-2">
          <label htmlFor={id} className="text-xs text-ink-3">
            Ask a critic
          </label>
          <Select
            id={id}
            className="max-w-44"
            value={chosen ?? ""}
            onChange={(event) => choose(Number(event.target.value))}
          >
            {critics.map((critic) => (
              <option key={critic.policyId} value={critic.policyId}>
                {critic.name}
              </option>
            ))}
          </Select>
          <Button size="sm" disabled={pending || waiting} onClick={ask}>
            {pending || waiting ? "Asked…" : "Ask"}
          </Button>
        </div>
      )}
      <p role="status" className="text-xs text-ink-3">
        <CritiqueState critique={critique} />
      </p>
      {failure ? <FailureNote failure={failure} /> : null}
    </div>
  );
}

function CritiqueState({ critique }: { critique: CritiqueRow | null }) {
  if (critique === null)
    return <>One model call over the whole trajectory: an opinion that changes no verdict.</>;
  const { status, policy, checkpoint, errorMessage, askedAt } = critique;
  if (status === "completed")
    return (
      <>
        {checkpoint ?? policy} was asked <Time at={askedAt} />: an opinion, no rollout.
      </>
    );
  if (status === "errored")
    return (
      <>
        {policy} gave no opinion: <VisibleText text={errorMessage ?? "it broke"} />
      </>
    );
  return (
    <>
      {policy}: {status === "cancelled" ? "cancelled" : "waiting for its answer"}.
    </>
  );
}
