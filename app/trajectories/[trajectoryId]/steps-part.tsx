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
import { useStepIndex, type Selection } from "./use-selection";
import type { StepsView } from "./use-steps-view";

/** The left of the desk: the map, what is trained, and the steps. */
export function StepsPart(props: {
  rows: DeskRows;
  first: StepText[];
  selection: Selection;
  policy: ReviewPolicy;
  onPolicy: (policy: ReviewPolicy) => void;
  view: StepsView;
  find: ReturnType<typeof useFind>;
}) {
  const { rows, first, selection, policy, onPolicy, view, find } = props;
  return (
    <div className="flex min-h-0 min-w-0">
      <div className="shrink-0 py-4 pl-6">
        <StepMap rows={rows} selection={selection} />
      </div>
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        {find.open ? (
          <Finding find={find} selection={selection} />
        ) : (
          <div className="flex min-h-10 shrink-0 flex-wrap items-center gap-2 border-b border-line py-1 pr-4 pl-2 text-xs text-ink-2">
            {rows.run && !rows.hidden ? (
              <PolicyToggle policy={policy} steps={rows.steps} onChange={onPolicy} />
            ) : null}
            <ViewSwitches view={view} onFind={find.show} />
          </div>
        )}
        <Sought value={find.sought}>
          <StepList rows={rows} first={first} selection={selection} policy={policy} view={view} />
        </Sought>
      </div>
    </div>
  );
}

function ViewSwitches({ view, onFind }: { view: StepsView; onFind: () => void }) {
  const switches = [
    ["Thoughts", "t", view.thoughts, view.toggleThoughts],
    ["Unchanged", "w", view.unchanged, view.toggleUnchanged],
    ["Calls", "l", view.calls, view.toggleCalls],
    ["Details", "i", view.details, view.toggleDetails],
  ] as const;
  return (
    <div className="ml-auto flex shrink-0">
      {switches.map(([name, letter, on, toggle]) => (
        <Button key={name} size="sm" variant="quiet" aria-pressed={on} onClick={toggle}>
          {name} <Kbd>{letter}</Kbd>
        </Button>
      ))}
      <Button size="sm" variant="quiet" onClick={onFind}>
        Find <Kbd>/</Kbd>
      </Button>
    </div>
  );
}

function StepMap({ rows, selection }: { rows: DeskRows; selection: Selection }) {
  return <Rail steps={rows.steps} selected={useStepIndex(selection)} onSelect={selection.select} />;
}

function Finding({ find, selection }: { find: ReturnType<typeof useFind>; selection: Selection }) {
  const selected = useStepIndex(selection);
  return (
    <FindBar
      text={find.text}
      found={find.found}
      failure={find.failure}
      selected={selected}
      onText={find.setText}
      onGo={find.go}
      onClose={find.close}
    />
  );
}
