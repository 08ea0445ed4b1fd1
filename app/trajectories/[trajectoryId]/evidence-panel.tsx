"use client";
import { memo, useState } from "react";
import type { SolutionRow, StepRow } from "@/lib/core/review-rows";
import { SuccessByState } from "@/components/charts/success-by-state";
import { DecisionHistory } from "@/components/trajectory/decision-history";
import { EvidenceFacts } from "@/components/trajectory/evidence-facts";
import { SolutionCard } from "@/components/trajectory/solution-card";
import { Button } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { Part } from "@/components/ui/part";
import type { Critics } from "../ask-critic";
import type { DeskRows } from "./decisions";
import { ReplayPart } from "./replay-part";
import { StrategiesPart } from "./strategies-part";
import { byOutcome, comparedRollouts, costOf, Rollouts } from "./rollouts";

/** Why the selected action has its verdict: everything a person needs to agree or not. */
export const EvidencePanel = memo(function EvidencePanel(props: {
  rows: DeskRows;
  critics: Critics;
  step: StepRow;
  openId: number | null;
  onOpen: (rolloutId: number | null) => void;
  onSelect: (stepIndex: number) => void;
  onSolution: (stateIndex: number, decision: "approve" | "veto") => void;
  onFork: (fork: boolean) => void;
}) {
  const { rows, critics, step, openId, onOpen, onSelect, onSolution, onFork } = props;
  const compared = comparedRollouts(rows.rollouts, step);
  return (
    <div className="flex flex-col gap-5 px-4 py-4">
      {rows.replay.state === "verified" ? null : <ReplayPart rows={rows} />}
      <SuccessByState states={rows.states} steps={rows.steps} selected={step.stepIndex} onSelect={onSelect} />
      <EvidenceFacts
        step={step}
        checkpoint={rows.run?.checkpoint ?? ""}
        alpha={rows.run?.alpha ?? 0}
        cost={costOf(compared)}
      />
      <RolloutsPart rows={rows} segment={step.segment} openId={openId} onOpen={onOpen} onFork={onFork} />
      <StrategiesPart rows={rows} critics={critics} step={step} onSelect={onSelect} />
      <Solutions solutions={rows.solutions} onSolution={onSolution} />
      <History history={rows.history} trajectoryId={rows.trajectory.trajectoryId} />
      {rows.replay.state === "verified" ? <ReplayPart rows={rows} /> : null}
    </div>
  );
});

/** The same for all actions that were judged together. */
const RolloutsPart = memo(function RolloutsPart(props: {
  rows: DeskRows;
  segment: StepRow["segment"];
  openId: number | null;
  onOpen: (rolloutId: number | null) => void;
  onFork: (fork: boolean) => void;
}) {
  const { rows, segment, openId, onOpen, onFork } = props;
  const compared = comparedRollouts(rows.rollouts, { segment });
  // A rollout that the address opened may be of a state that nothing is compared with.
  const [all, setAll] = useState(openId !== null && !compared.some((r) => r.rolloutId === openId));
  const shown = all ? byOutcome(rows.rollouts) : compared;
  return (
    <Part
      title="Rollouts"
      note={all ? "from every probed state" : "from the states compared"}
      actions={
        <>
          <Button size="sm" variant="quiet" onClick={() => onFork(true)}>
            Fork <Kbd>f</Kbd>
          </Button>
          <Button size="sm" variant="quiet" aria-pressed={all} onClick={() => setAll(!all)}>
            {all ? `Only compared (${compared.length})` : `All (${rows.rollouts.length})`}
          </Button>
        </>
      }
    >
      <Rollouts
        rollouts={shown}
        usedIds={rows.solutions.map((s) => s.rolloutId)}
        instruction={rows.trajectory.instruction}
        openId={openId}
        onOpen={onOpen}
      />
    </Part>
  );
});

const History = memo(function History(props: { history: DeskRows["history"]; trajectoryId: number }) {
  return (
    <Part title="History">
      <DecisionHistory history={props.history} allHref={`/reviews?trajectory=${props.trajectoryId}`} />
    </Part>
  );
});

const Solutions = memo(function Solutions(props: {
  solutions: SolutionRow[];
  onSolution: (stateIndex: number, decision: "approve" | "veto") => void;
}) {
  const { solutions, onSolution } = props;
  if (solutions.length === 0) return null;
  return (
    <Part title="Solutions" note="one per important state">
      <ul className="flex flex-col">
        {solutions.map((solution) => (
          <SolutionCard key={solution.stateIndex} solution={solution}>
            {solution.rolloutFrom === null ? null : (
              <>
                <Button size="sm" onClick={() => onSolution(solution.stateIndex, "approve")}>
                  Keep
                </Button>
                <Button size="sm" onClick={() => onSolution(solution.stateIndex, "veto")}>
                  Veto
                </Button>
              </>
            )}
          </SolutionCard>
        ))}
      </ul>
    </Part>
  );
});
