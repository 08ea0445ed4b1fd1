"use client";
import type { StepRow } from "@/lib/core/review-rows";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import type { Critics } from "../ask-critic";
import type { DeskRows } from "./decisions";
import { ReplayPart } from "./replay-part";
import { StrategiesPart } from "./strategies-part";

/** What stands in place of the evidence where no run has looked. */
export function NotMined(props: {
  rows: DeskRows;
  critics: Critics;
  step: StepRow;
  onSelect: (stepIndex: number) => void;
}) {
  const { rows } = props;
  const { trajectoryId, success, source } = rows.trajectory;
  const minable = source === "expert" && success === false;
  return (
    <div className="flex flex-col gap-5 p-4">
      <ReplayPart rows={rows} />
      <EmptyState
        title="Not mined yet"
        text={
          minable
            ? "No run has rolled the agent out along this trajectory, so nothing is known about its actions. Mine it to see which of them help and which harm."
            : "Only failed expert trajectories are mined. This one is here to be read."
        }
      >
        {minable ? (
          <ButtonLink variant="primary" href={`/runs/new?ids=${trajectoryId}`}>
            Mine this trajectory…
          </ButtonLink>
        ) : null}
      </EmptyState>
      <StrategiesPart {...props} />
    </div>
  );
}
