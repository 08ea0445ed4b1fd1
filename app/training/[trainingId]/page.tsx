import type { Metadata } from "next";
import Link from "next/link";
import { isOpen } from "@/lib/core/training";
import { trainingEvents, trainingView } from "@/lib/server/reads";
import { TrainingLoss } from "@/components/charts/training-loss";
import { EventTable } from "@/components/training/event-table";
import { TrainingFacts } from "@/components/training/training-facts";
import { TrainingOutcome } from "@/components/training/training-outcome";
import { VisibleText } from "@/components/trajectory/text-block";
import { PageHeader } from "@/components/ui/page-header";
import { Pager } from "@/components/ui/pager";
import { Panel, Section } from "@/components/ui/section";
import type { SearchParams } from "../../address";
import { cursorIn } from "../../cursor";
import { found, idOf } from "../../found";
import { CancelTraining } from "./cancel-training";
import { KeepFresh } from "./keep-fresh";
import { RegisterCheckpoint } from "./register-checkpoint";

type Props = { params: Promise<{ trainingId: string }>; searchParams: Promise<SearchParams> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Training ${(await params).trainingId}` };
}

export default async function TrainingPage({ params, searchParams }: Props) {
  const trainingId = idOf((await params).trainingId);
  const cursor = cursorIn(await searchParams);
  const [view, events] = await Promise.all([
    found(trainingView(trainingId)),
    found(trainingEvents(trainingId, cursor)),
  ]);
  const { training, losses } = view;
  const open = isOpen(training.state);
  const here = `/training/${trainingId}`;
  return (
    <div className="flex flex-col gap-4">
      <PageHeader
        title={`${training.settings.model} on ${training.dataset}`}
        back={{ href: "/training", label: "Training" }}
        meta={<TrainingFacts training={training} />}
        action={open && !training.cancelAsked ? <CancelTraining trainingId={trainingId} /> : null}
      />
      {open ? <KeepFresh /> : null}
      <TrainingOutcome view={view} />
      {training.state === "succeeded" && training.policyId === null ? (
        <RegisterCheckpoint
          trainingId={trainingId}
          name={training.checkpoint ?? training.settings.suffix ?? ""}
          servedAt={view.servedAt}
        />
      ) : null}
      {losses.length > 1 ? (
        <Panel>
          <div className="p-4">
            <TrainingLoss points={losses} />
          </div>
        </Panel>
      ) : null}
      {training.logTail ? (
        <Section title="The end of its log" note="as the trainer wrote it">
          {/* Reversed, so that it stands at its end: that is where it says what went wrong. */}
          <div
            role="group"
            tabIndex={0}
            aria-label="The end of its log"
            className="flex max-h-72 flex-col-reverse overflow-auto"
          >
            <pre className="font-mono text-xs whitespace-pre-wrap [overflow-wrap:anywhere]">
              <VisibleText text={training.logTail} />
            </pre>
          </div>
        </Section>
      ) : null}
      <section aria-labelledby="events" className="flex flex-col gap-2">
        <h2 id="events" className="text-base font-semibold">
          What happened
        </h2>
        {events.rows.length === 0 ? (
          <p className="text-sm text-ink-2">
            Nothing yet: a worker takes it within seconds. See that one runs:{" "}
            <Link href="/runs" className="underline underline-offset-2">
              runs
            </Link>{" "}
            name theirs.
          </p>
        ) : (
          <EventTable rows={events.rows} />
        )}
        <Pager
          label="Pages of events"
          first={cursor === null ? null : here}
          next={events.next === null ? null : `${here}?cursor=${encodeURIComponent(events.next)}`}
        />
      </section>
    </div>
  );
}
