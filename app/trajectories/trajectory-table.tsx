"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { CappedCount, TrajectoryListRow } from "@/lib/core/rows";
import type { FoundPassage } from "@/lib/core/words";
import { TrajectoryRow } from "@/components/trajectory/trajectory-row";
import { Table, Th } from "@/components/ui/table";
import { viewHref, type ListView } from "./filter";
import type { Critics } from "./ask-critic";
import { SelectionBar } from "./selection-bar";
import { useKeys } from "./use-keys";

/** The list: j/k move, Enter opens, s selects; what is selected goes into a run or a dataset. */
export function TrajectoryTable(props: {
  rows: TrajectoryListRow[];
  /** Where they say the words looked for. */
  passages: FoundPassage[];
  count: CappedCount;
  view: ListView;
  critics: Critics;
}) {
  const { rows, passages, count, view, critics } = props;
  const router = useRouter();
  const [at, setAt] = useState(-1);
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const href = (id: number) => viewHref(`/trajectories/${id}`, view);
  const move = (by: number) => {
    const to = Math.min(Math.max(0, at + by), rows.length - 1);
    setAt(to);
    document.getElementById(`row-${rows[to]?.trajectoryId}`)?.scrollIntoView({ block: "nearest" });
  };
  const current = rows[at];
  const toggle = (id: number) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  const passageOf = new Map(passages.map((passage) => [passage.trajectoryId, passage]));
  const placeOf = (id: number) => {
    const found = passageOf.get(id);
    return found ? `${href(id)}#step-${found.stepIndex}` : href(id);
  };
  useKeys(
    {
      j: { run: () => move(1), held: true },
      k: { run: () => move(-1), held: true },
      Enter: { run: () => current && router.push(placeOf(current.trajectoryId)), held: false },
      s: { run: () => current && toggle(current.trajectoryId), held: false },
    },
    true,
  );
  const allHere = rows.every((row) => chosen.has(row.trajectoryId));
  return (
    <div className="flex flex-col gap-2">
      <SelectionBar
        chosen={[...chosen]}
        count={count}
        view={view}
        critics={critics}
        onClear={() => setChosen(new Set())}
      />
      <Table caption="Trajectories">
        <thead>
          <tr>
            <Th className="w-8">
              <input
                type="checkbox"
                aria-label="Select all on this page"
                checked={allHere}
                onChange={() => setChosen(new Set(allHere ? [] : rows.map((row) => row.trajectoryId)))}
                className="block size-3.5"
              />
            </Th>
            <Th>Subtask</Th>
            <Th className="w-full">Instruction</Th>
            <Th>Model</Th>
            <Th align="end">Reward</Th>
            <Th align="end">Steps</Th>
            <Th className="min-w-28">Verdicts</Th>
            <Th>Review</Th>
            <Th>
              <span className="sr-only">Replay</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <TrajectoryRow
              key={row.trajectoryId}
              row={row}
              passage={passageOf.get(row.trajectoryId) ?? null}
              href={href(row.trajectoryId)}
              current={i === at}
              chosen={chosen.has(row.trajectoryId)}
              onChoose={() => toggle(row.trajectoryId)}
            />
          ))}
        </tbody>
      </Table>
    </div>
  );
}
