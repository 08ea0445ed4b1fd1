import type { Metadata } from "next";
import { whoActs } from "@/lib/server/people";
import { lastSkipped, queueView, type QueueView } from "@/lib/server/queues";
import { AgreementTable } from "@/components/queue/agreement-table";
import { AnchoringPart } from "@/components/queue/anchoring-part";
import { DisputeTable } from "@/components/queue/dispute-table";
import { PeopleTable } from "@/components/queue/people-table";
import { QueueProgress } from "@/components/queue/queue-table";
import { Fact, Facts } from "@/components/ui/facts";
import { formatCount, formatPercent } from "@/components/ui/numbers";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import { Time } from "@/components/ui/time";
import { found, idOf } from "../../found";
import { ReviewNext } from "./review-next";

type Props = { params: Promise<{ queueId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Review queue ${(await params).queueId}` };
}

export default async function QueuePage({ params }: Props) {
  const queueId = idOf((await params).queueId);
  const [view, name, skipped] = await Promise.all([
    found(queueView(queueId)),
    whoActs(),
    found(lastSkipped(queueId)),
  ]);
  const { queue, people, report, disputes } = view;
  return (
    <div className="flex flex-col gap-4">
      <PageHeader
        title={queue.name}
        back={{ href: "/queues", label: "Queues" }}
        meta={<QueueFacts queue={queue} />}
        action={<ReviewNext queueId={queueId} name={name} skipped={skipped} />}
      />
      <QueueProgress queue={queue} />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Section title="Who did what" note="gold: decisions that agree with those known to be right">
          <PeopleTable people={people} gold={report.gold} items={queue.items} />
        </Section>
        <Section title="Do people agree?" note="on keeping or dropping each action, beyond chance">
          <AgreementTable report={report} people={people} />
        </Section>
      </div>
      <Section
        title="Waiting to be adjudicated"
        note={queue.disputed > disputes.length ? `the first ${formatCount(disputes.length)}` : undefined}
      >
        <DisputeTable queueId={queueId} disputes={disputes} name={name} reviewers={queue.reviewers} />
      </Section>
      {queue.blindItems > 0 ? (
        <Section title="Does seeing the verdict sway people?">
          <AnchoringPart anchoring={report.anchoring} />
        </Section>
      ) : null}
    </div>
  );
}

function QueueFacts({ queue }: Pick<QueueView, "queue">) {
  return (
    <Facts>
      <Fact name="trajectories">{formatCount(queue.items)}</Fact>
      <Fact name="complete">{formatCount(queue.complete)}</Fact>
      <Fact name="people each">{queue.reviewers}</Fact>
      <Fact name="who">{queue.people.length === 0 ? "anybody" : queue.people.join(", ")}</Fact>
      {queue.blindItems > 0 ? (
        <Fact name="verdicts hidden on">
          {formatCount(queue.blindItems)} ({formatPercent(queue.blindItems / queue.items)})
        </Fact>
      ) : null}
      {queue.goldItems > 0 ? <Fact name="gold">{formatCount(queue.goldItems)}</Fact> : null}
      <Fact name="by">{queue.createdBy}</Fact>
      <Fact name="made">
        <Time at={queue.createdAt} />
      </Fact>
    </Facts>
  );
}
