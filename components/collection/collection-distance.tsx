/** `CollectionDistance`: how far is it? One bar, the counts behind it, and when it will be through at this pace. */
import type { ReactNode } from "react";
import type { CollectionProgress, CollectionRow } from "@/lib/core/rows";
import { Fact, Facts } from "@/components/ui/facts";
import { formatCount, formatDuration, plural } from "@/components/ui/numbers";
import { ProgressBar } from "@/components/ui/progress-bar";
import { Section } from "@/components/ui/section";
import { endWords, episodeParts, episodeTotal, isLive, remainingMs } from "./collection-words";

type Props = { collection: CollectionRow; progress: CollectionProgress; now: Date; actions: ReactNode };

export function CollectionDistance({ collection, progress, now, actions }: Props) {
  const total = episodeTotal(progress);
  const { completed, errored, running, queued, cancelled, skipped } = progress.episodes;
  const { state, startedAt, finishedAt, endReason } = collection;
  const until = finishedAt ?? (isLive(state) ? now : null);
  const remaining = state === "running" ? remainingMs(collection, progress, now) : null;
  return (
    <Section title="How far is it?" actions={actions}>
      <div className="flex flex-col gap-3">
        <p className="text-lg font-semibold" aria-live="polite">
          {formatCount(completed + errored)} of {plural(total, "episode")} played
        </p>
        <ProgressBar label="Episodes" total={total} parts={episodeParts(progress)} />
        <Facts>
          <Fact name="recorded">{formatCount(completed)}</Fact>
          <Fact name="playing">{formatCount(running)}</Fact>
          <Fact name="queued">{formatCount(queued)}</Fact>
          <Fact name="errored">{formatCount(errored)}</Fact>
          {cancelled > 0 ? <Fact name="cancelled">{formatCount(cancelled)}</Fact> : null}
          {skipped > 0 ? <Fact name="skipped">{formatCount(skipped)}</Fact> : null}
          {startedAt && until ? (
            <Fact name={finishedAt ? "took" : "running for"}>
              <span suppressHydrationWarning>{formatDuration(until.getTime() - startedAt.getTime())}</span>
            </Fact>
          ) : null}
          {remaining === null ? null : (
            <Fact name="left at this pace">
              <span suppressHydrationWarning>about {formatDuration(remaining)}</span>
            </Fact>
          )}
        </Facts>
        {endReason === null ? null : (
          <p className="rounded border border-undecided-line bg-undecided-soft px-3 py-2 text-sm">
            <span className="font-medium">The budget is used up.</span>{" "}
            {endWords(endReason, collection, progress)} {plural(skipped, "episode")}{" "}
            {skipped === 1 ? "was" : "were"} not played; allow more to go on with{" "}
            {skipped === 1 ? "it" : "them"}.
          </p>
        )}
        {state === "queued" && queued === total ? (
          <p className="text-sm text-ink-2">
            Waiting for a worker. Gleaner starts one by itself; <code>npm run worker</code> starts more, on
            this machine or others.
          </p>
        ) : null}
      </div>
    </Section>
  );
}
