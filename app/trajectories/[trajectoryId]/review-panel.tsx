"use client";
import { useRouter } from "next/navigation";
import { useDeferredValue, useState, useTransition, type ReactNode } from "react";
import type { ReviewRows, StepText } from "@/lib/core/review-rows";
import type { ReviewPolicy } from "@/lib/core/rows";
import type { QueueDesk } from "@/lib/server/queues";
import type { Critics } from "../ask-critic";
import { DecisionDesk } from "./decision-desk";
import { DeskTools } from "./desk-tools";
import { isOpen, type DeskRows } from "./decisions";
import { EvidencePanel } from "./evidence-panel";
import { ForkPart } from "./fork-part";
import { HiddenPart } from "./hidden-part";
import { KeySheet } from "./key-sheet";
import { NotMined } from "./not-mined";
import { openPlaces } from "./open-places";
import { QueueBar } from "./queue-bar";
import { ReviewHeader } from "./review-header";
import { comparedRollouts } from "./rollouts";
import { RunPicker } from "./run-picker";
import { StepsPart } from "./steps-part";
import { useDecideSolution, useDecisions } from "./use-decisions";
import { useFind } from "./use-find";
import type { Looks, Moves } from "./use-review-keys";
import { useIsFork, useSelection, useStepIndex, type Selection } from "./use-selection";
import { useStepsView } from "./use-steps-view";

/** Addresses of the pages around this one; `open` answers those of the nearest with something left to review. */
export type Around = {
  back: string;
  previous: string | null;
  next: string | null;
  self: string;
  open: string;
};

/** The review desk: the trajectory on the left, the evidence for the selected action and the decision on the right. */
export function ReviewPanel(props: {
  initial: ReviewRows;
  critics: Critics;
  /** The review queue this trajectory is worked through in. */
  queue: QueueDesk | null;
  /** The steps the page comes with. */
  first: StepText[];
  /** The rollout its address opens. */
  opened: ReviewRows["rollouts"][number] | null;
  around: Around;
}) {
  const { initial, critics, queue, first, opened, around } = props;
  const router = useRouter();
  const [leaving, startLeaving] = useTransition();
  const [said, setSaid] = useState<string | null>(null);
  const [policy, setPolicy] = useState<ReviewPolicy>("approved");
  const [sheet, setSheet] = useState(false);
  const [openId, setOpenId] = useState<number | null>(opened?.rolloutId ?? null);
  const desk = useDecisions(initial);
  const { rows } = desk;
  const selection = useSelection(rows.steps.length, opened?.stateIndex ?? rows.steps.findIndex(isOpen));
  const find = useFind(rows.trajectory.trajectoryId, selection);
  const view = useStepsView();
  const decideSolution = useDecideSolution(desk);
  const go = (href: string | null) => (href ? startLeaving(() => router.push(href)) : undefined);
  const goOpen = (side: "previous" | "next") =>
    startLeaving(async () => {
      const found = await openPlaces(around.open, side);
      setSaid(found.said);
      go(found.href);
    });
  const moves: Moves = {
    previous: () => go(around.previous),
    next: () => go(around.next),
    previousOpen: () => goOpen("previous"),
    nextOpen: () => goOpen("next"),
  };
  const looks: Looks = {
    policy: () => setPolicy(policy === "approved" ? "not_vetoed" : "approved"),
    thoughts: view.toggleThoughts,
    unchanged: view.toggleUnchanged,
    calls: view.toggleCalls,
    details: view.toggleDetails,
    find: find.show,
    rollout: () => {
      const step = rows.steps[selection.get().stepIndex];
      const [best] = step ? comparedRollouts(rows.rollouts, step) : [];
      setOpenId(openId === null && best ? best.rolloutId : null);
    },
    fork: () => selection.showFork(rows.rollouts.length > 0 && !selection.get().fork),
    keys: () => setSheet(true),
  };
  if (rows.steps.length === 0) return null;
  return (
    // The desk fills the window below the top bar; its two columns scroll by themselves.
    <div className="-mx-6 -mb-16 flex h-[calc(100dvh-48px)] min-h-[520px] flex-col" aria-busy={leaving}>
      {queue ? <QueueBar desk={queue} unsaved={desk.unsaved} go={go} onSelect={selection.select} /> : null}
      <ReviewHeader
        rows={rows}
        backHref={around.back}
        tools={<DeskTools desk={desk} around={around} moves={moves} onKeys={looks.keys} />}
      />
      <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)_minmax(420px,38%)]">
        <Left selection={selection} fork={<ForkPart rows={rows} selection={selection} view={view} />}>
          <StepsPart
            rows={rows}
            first={first}
            selection={selection}
            policy={policy}
            onPolicy={setPolicy}
            view={view}
            find={find}
          />
        </Left>
        <aside
          aria-label="Evidence and decision"
          className="flex min-h-0 flex-col border-l border-line bg-surface contain-content"
        >
          <RunPicker rows={rows} onRun={(runId) => go(withRun(around.self, runId))} />
          <div className="relative min-h-0 flex-1 overflow-y-auto">
            <Evidence
              rows={rows}
              critics={critics}
              selection={selection}
              openId={openId}
              onOpen={setOpenId}
              onSolution={decideSolution}
            />
          </div>
          <DecisionDesk
            desk={desk}
            selection={selection}
            moves={moves}
            looks={looks}
            active={!sheet && !leaving}
            said={said}
          />
        </aside>
      </div>
      <KeySheet open={sheet} onOpenChange={setSheet} />
    </div>
  );
}

function Left(props: { selection: Selection; fork: ReactNode; children: ReactNode }) {
  return useIsFork(props.selection) ? props.fork : props.children;
}

/** Moving on is shown at once; the evidence, with all it draws, follows when there is time. */
function Evidence(props: {
  rows: DeskRows;
  critics: Critics;
  selection: Selection;
  openId: number | null;
  onOpen: (rolloutId: number | null) => void;
  onSolution: (stateIndex: number, decision: "approve" | "veto") => void;
}) {
  const { selection, ...rest } = props;
  const rows = useDeferredValue(rest.rows);
  const step = rows.steps[useDeferredValue(useStepIndex(selection))];
  if (!step) return null;
  if (rows.hidden) return <HiddenPart history={rows.history} />;
  if (!rows.run)
    return <NotMined rows={rows} critics={rest.critics} step={step} onSelect={selection.select} />;
  return (
    <EvidencePanel
      {...rest}
      rows={rows}
      step={step}
      onSelect={selection.select}
      onFork={selection.showFork}
    />
  );
}

function withRun(href: string, runId: number): string {
  const [path = "", query = ""] = href.split("?");
  const params = new URLSearchParams(query);
  params.set("run", String(runId));
  return `${path}?${params.toString()}`;
}
