"use client";
import type { ReviewPolicy } from "@/lib/core/rows";
import type { StepText } from "@/lib/core/review-rows";
import { FindBar } from "@/components/trajectory/find-bar";
import { PolicyToggle } from "@/components/trajectory/policy-toggle";
import { Rail } from "@/components/trajectory/rail";
import { Sought } from "@/components/trajectory/text-block";
import { Button } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import type { DeskRows } from "./decisions";
import { StepList } from "./step-list";
import type { useFind } from "./use-find";
import type { useStepsView } from "./use-steps-view";

/** The left of the desk: the map, what is trained, and the steps. */
export function StepsPart(props: {
  rows: DeskRows;
  first: StepText[];
  selected: number;
  policy: ReviewPolicy;
  onPolicy: (policy: ReviewPolicy) => void;
  view: ReturnType<typeof useStepsView>;
  find: ReturnType<typeof useFind>;
  onSelect: (stepIndex: number) => void;
}) {
  const { rows, first, selected, policy, onPolicy, view, find, onSelect } = props;
  return (
    <div className="flex min-h-0 min-w-0">
      <div className="shrink-0 py-4 pl-6">
        <Rail steps={rows.steps} selected={selected} onSelect={onSelect} />
      </div>
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        {find.open ? (
          <FindBar
            text={find.text}
            found={find.found}
            failure={find.failure}
            selected={selected}
            onText={find.setText}
            onGo={find.go}
            onClose={find.close}
          />
        ) : (
          <div className="flex h-10 shrink-0 items-center gap-2 border-b border-line pr-4 pl-2 text-xs text-ink-2">
            {rows.run && !rows.hidden ? (
              <PolicyToggle policy={policy} steps={rows.steps} onChange={onPolicy} />
            ) : null}
            <div className="ml-auto flex shrink-0">
              <Button size="sm" variant="quiet" aria-pressed={view.thoughts} onClick={view.toggleThoughts}>
                Thoughts <Kbd>t</Kbd>
              </Button>
              <Button size="sm" variant="quiet" aria-pressed={view.unchanged} onClick={view.toggleUnchanged}>
                Unchanged <Kbd>w</Kbd>
              </Button>
              <Button size="sm" variant="quiet" onClick={find.show}>
                Find <Kbd>/</Kbd>
              </Button>
            </div>
          </div>
        )}
        <Sought value={find.sought}>
          <StepList
            rows={rows}
            first={first}
            selected={selected}
            policy={policy}
            view={view}
            onSelect={onSelect}
          />
        </Sought>
      </div>
    </div>
  );
}
