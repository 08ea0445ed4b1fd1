/** `UnderstoodEvidence`: what a file of rollouts made elsewhere would give. */
import type { Rejection } from "@/lib/core/rows";
import { Stat } from "@/components/ui/facts";
import { formatCount, formatPercent } from "@/components/ui/numbers";
import { RejectedPart } from "./understood-trajectories";

type Preview = {
  records: number;
  rollouts: number;
  trajectories: number;
  successes: number;
  checkpoints: string[];
  rejections: Rejection[];
};

export function UnderstoodEvidence({ preview }: { preview: Preview }) {
  const { records, rollouts, trajectories, successes, checkpoints } = preview;
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-wrap gap-x-10 gap-y-4">
        <Stat
          name="Rollouts"
          value={formatCount(rollouts)}
          note={`on ${formatCount(trajectories)} trajectories`}
        />
        <Stat
          name="Solved"
          value={formatCount(successes)}
          note={
            rollouts === 0
              ? ""
              : `${formatPercent(successes / rollouts)} of ${formatCount(rollouts)} rollouts`
          }
        />
        <Stat
          name="Agent checkpoints"
          value={checkpoints.length === 0 ? "not said" : checkpoints.slice(0, 3).join(", ")}
          note="verdicts belong to one checkpoint"
        />
        <Stat
          name="Rejected"
          value={formatCount(records - rollouts)}
          note={records === rollouts ? "none" : "reasons below"}
        />
      </div>
      <RejectedPart rows={preview.rejections} rejected={records - rollouts} />
    </div>
  );
}
