"use client";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { TrajectoryFilter, TrajectorySort } from "@/lib/core/rows";
import { emptyQueue, queueSettings } from "@/components/queue/queue-draft";
import { QueueFields } from "@/components/queue/queue-fields";
import { Button } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import { Section } from "@/components/ui/section";
import { useAct } from "../../use-act";
import { createQueue } from "../actions";

type Props = { filter: TrajectoryFilter; sort: TrajectorySort; words: string; listHref: string };

/** Makes a review queue of what a filter matches. */
export function NewQueue({ filter, sort, words, listHref }: Props) {
  const router = useRouter();
  const { pending, failure, act } = useAct();
  const [draft, setDraft] = useState(emptyQueue);
  // Drawn once, so that making it again after a failure draws the same.
  const [seed] = useState(() => Math.floor(Math.random() * 2 ** 31));
  const settings = queueSettings(draft);
  return (
    <form
      className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_380px]"
      onSubmit={(event) => {
        event.preventDefault();
        if (settings)
          act(
            () => createQueue({ ...settings, filter, sort, seed }),
            ({ queueId }) => router.push(`/queues/${queueId}`),
          );
      }}
    >
      <Section title="Set-up">
        <QueueFields draft={draft} onChange={(change) => setDraft({ ...draft, ...change })} />
      </Section>
      <Section title="What is in it">
        <div className="flex flex-col gap-4">
          <p className="text-sm text-ink-2">
            <span className="text-ink">{words}</span>.{" "}
            <Link href={listHref} className="underline">
              Change the filter
            </Link>
          </p>
          {failure ? <FailureNote failure={failure} /> : null}
          <Button type="submit" variant="primary" disabled={pending || settings === null}>
            {pending ? "Making…" : "Make the queue"}
          </Button>
        </div>
      </Section>
    </form>
  );
}
