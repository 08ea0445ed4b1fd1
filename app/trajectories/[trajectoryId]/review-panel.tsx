"use client";
import { ChevronLeft, ChevronRight, Keyboard } from "lucide-react";
import { useRouter } from "next/navigation";
import { useDeferredValue, useState, useTransition } from "react";
import type { ReviewRows, StepRow, StepText } from "@/lib/core/review-rows";
import type { ReviewPolicy } from "@/lib/core/rows";
import type { QueueDesk } from "@/lib/server/queues";
import { Button, ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import type { Critics } from "../ask-critic";
import { DecisionBar } from "./decision-bar";
import { isOpen, reviewProgress, type DeskRows } from "./decisions";
import { EvidencePanel } from "./evidence-panel";
import { HiddenPart } from "./hidden-part";
import { KeySheet } from "./key-sheet";
import { QueueBar } from "./queue-bar";
import { ReplayPart } from "./replay-part";
import { ReviewHeader } from "./review-header";
import { comparedRollouts } from "./rollouts";
import { RunPicker } from "./run-picker";
import { SaveState, UnsavedNotes } from "./save-state";
import { StepsPart } from "./steps-part";
import { StrategiesPart } from "./strategies-part";
import { useDeciding } from "./use-deciding";
import { useDecideSolution, useDecisions } from "./use-decisions";
import { useFind } from "./use-find";
import { useReviewKeys } from "./use-review-keys";
import { useSelectedStep } from "./use-selected-step";
import { useStepsView } from "./use-steps-view";

/** Addresses of the pages around this one. */
export type Around = { back: string; previous: string | null; next: string | null; self: string };

/** The review desk: the trajectory on the left, the evidence for the selected action and the decision on the right. */
export function ReviewPanel(props: {
  initial: ReviewRows;
  critics: Critics;
  /** The review queue this trajectory is worked through in. */
  queue: QueueDesk | null;
  /** The steps the page comes with. */
  first: StepText[];
  opened: number | null;
  around: Around;
}) {
  const { initial, critics, queue, first, opened, around } = props;
  const router = useRouter();
  const [leaving, startLeaving] = useTransition();
  const [policy, setPolicy] = useState<ReviewPolicy>("approved");
  const [sheet, setSheet] = useState(false);
  const [openId, setOpenId] = useState<number | null>(opened);
  const desk = useDecisions(initial);
  const { rows } = desk;
  const [selected, select] = useSelectedStep(rows.steps.length, Math.max(0, rows.steps.findIndex(isOpen)));
  const step = rows.steps[selected];
  // Moving on is shown at once; the evidence, with its chart, follows when there is time.
  const told = useDeferredValue(step);
  const deciding = useDeciding(desk, step);
  const find = useFind(rows.trajectory.trajectoryId, selected, select);
  const view = useStepsView();
  const go = (href: string | null) => (href ? startLeaving(() => router.push(href)) : undefined);
  const undo = () => {
    const at = desk.undo();
    if (at !== null) select(at);
  };
  const decideSolution = useDecideSolution(desk);
  const toggleRollout = () => {
    const best = step ? comparedRollouts(rows.rollouts, step)[0] : undefined;
    setOpenId(openId === null && best ? best.rolloutId : null);
  };
  const togglePolicy = () => setPolicy(policy === "approved" ? "not_vetoed" : "approved");
  useReviewKeys(
    {
      steps: rows.steps,
      selected,
      select,
      deciding,
      undo,
      go,
      around,
      toggleRollout,
      togglePolicy,
      view,
      find: find.show,
      showKeys: () => setSheet(true),
    },
    !sheet && !leaving,
  );
  if (!step || !told) return null;
  return (
    // The desk fills the window below the top bar; its two columns scroll by themselves.
    <div className="-mx-6 -mb-16 flex h-[calc(100dvh-48px)] min-h-[520px] flex-col" aria-busy={leaving}>
      {queue ? <QueueBar desk={queue} unsaved={desk.unsaved} go={go} onSelect={select} /> : null}
      <ReviewHeader
        rows={rows}
        backHref={around.back}
        tools={
          <Tools unsaved={desk.unsaved} rows={rows} around={around} go={go} onKeys={() => setSheet(true)} />
        }
      />
      <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)_minmax(420px,38%)]">
        <StepsPart
          rows={rows}
          first={first}
          selected={selected}
          policy={policy}
          onPolicy={setPolicy}
          view={view}
          find={find}
          onSelect={select}
        />
        <aside
          aria-label="Evidence and decision"
          className="flex min-h-0 flex-col border-l border-line bg-surface"
        >
          <RunPicker rows={rows} onRun={(runId) => go(withRun(around.self, runId))} />
          <div className="relative min-h-0 flex-1 overflow-y-auto">
            {rows.hidden ? (
              <HiddenPart history={rows.history} />
            ) : rows.run ? (
              <EvidencePanel
                rows={rows}
                critics={critics}
                step={told}
                openId={openId}
                onOpen={setOpenId}
                onSelect={select}
                onSolution={decideSolution}
              />
            ) : (
              <NotMined rows={rows} critics={critics} step={step} onSelect={select} />
            )}
          </div>
          <div className="flex max-h-40 flex-col gap-1 overflow-y-auto px-4">
            <UnsavedNotes
              unsaved={desk.unsaved}
              onRetry={desk.retry}
              onDiscard={desk.discard}
              onReload={(wish) => {
                desk.discard(wish);
                router.refresh();
              }}
            />
          </div>
          {rows.run ? (
            <DecisionBar step={step} deciding={deciding} canUndo={desk.canUndo} onUndo={undo} />
          ) : null}
        </aside>
      </div>
      <p className="sr-only" aria-live="polite">
        {`Step ${step.stepIndex}, ${step.hidden ? "verdict hidden" : (step.verdict?.replace("_", " ") ?? "not mined")}, ${step.decision.state}`}
      </p>
      <KeySheet open={sheet} onOpenChange={setSheet} />
    </div>
  );
}

function Tools(props: {
  unsaved: ReturnType<typeof useDecisions>["unsaved"];
  rows: DeskRows;
  around: Around;
  go: (href: string | null) => void;
  onKeys: () => void;
}) {
  const { unsaved, rows, around, go, onKeys } = props;
  const review = reviewProgress(rows);
  return (
    <>
      {rows.run ? <SaveState unsaved={unsaved} /> : null}
      {review.total > 0 ? (
        <span className="text-xs text-ink-2">
          {review.done} of {review.total} reviewed
        </span>
      ) : null}
      <div className="flex">
        <Button
          size="sm"
          variant="quiet"
          aria-label="Previous trajectory"
          title="Previous trajectory  ["
          disabled={!around.previous}
          onClick={() => go(around.previous)}
        >
          <ChevronLeft aria-hidden />
        </Button>
        <Button
          size="sm"
          variant="quiet"
          aria-label="Next trajectory"
          title="Next trajectory  ]"
          disabled={!around.next}
          onClick={() => go(around.next)}
        >
          <ChevronRight aria-hidden />
        </Button>
        <Button size="sm" variant="quiet" aria-label="Keys" title="Keys  ?" onClick={onKeys}>
          <Keyboard aria-hidden />
        </Button>
      </div>
    </>
  );
}

function NotMined(props: {
  rows: ReviewRows;
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

function withRun(href: string, runId: number): string {
  const [path = "", query = ""] = href.split("?");
  const params = new URLSearchParams(query);
  params.set("run", String(runId));
  return `${path}?${params.toString()}`;
}
