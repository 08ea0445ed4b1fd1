/** `CollectionTable` with a `CollectionLine` per collection: how far it is, how good the policy was, what it cost. */
import Link from "next/link";
import type { ReactNode } from "react";
import type { CollectionProgress, CollectionRow } from "@/lib/core/rows";
import { formatCount, formatPercent } from "@/components/ui/numbers";
import { ProgressBar } from "@/components/ui/progress-bar";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { CollectionStateBadge } from "./collection-state-badge";
import { episodeParts, episodeTotal } from "./collection-words";

export function CollectionTable({ children }: { children: ReactNode }) {
  return (
    <Table caption="Collections">
      <thead>
        <tr>
          <Th className="w-[26%] min-w-56">Collection</Th>
          <Th>State</Th>
          <Th className="w-[20%] min-w-40">Episodes</Th>
          <Th align="end">Solved</Th>
          <Th>Environment</Th>
          <Th>Played by</Th>
          <Th align="end">Model calls</Th>
          <Th align="end">Created</Th>
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </Table>
  );
}

type Props = { collection: CollectionRow; progress: CollectionProgress };

export function CollectionLine({ collection, progress }: Props) {
  const { collectionId, name, environment, checkpoint, source } = collection;
  const { completed, errored } = progress.episodes;
  const total = episodeTotal(progress);
  return (
    <Tr>
      <Td truncate>
        <Link
          href={`/collections/${collectionId}`}
          className="font-medium text-ink hover:underline"
          title={name}
        >
          {name}
        </Link>
      </Td>
      <Td>
        <CollectionStateBadge {...collection} />
      </Td>
      <Td>
        <span className="flex items-center gap-2">
          <ProgressBar label={`Episodes of ${name}`} total={total} parts={episodeParts(progress)} />
          <span className="w-24 shrink-0 text-right text-xs text-ink-2">
            {formatCount(completed + errored)} / {formatCount(total)}
          </span>
        </span>
      </Td>
      <Td align="end">
        {completed === 0 ? (
          <span className="text-xs text-ink-3">nothing yet</span>
        ) : (
          <span title={`${progress.succeeded} of ${completed} episodes`}>
            {formatPercent(progress.succeeded / completed)}{" "}
            <span className="text-xs text-ink-3">of {formatCount(completed)}</span>
          </span>
        )}
      </Td>
      <Td truncate className="min-w-28" title={environment}>
        {environment}
      </Td>
      <Td truncate className="min-w-32" title={`${checkpoint}, as ${source}`}>
        {checkpoint} <span className="text-xs text-ink-3">{source}</span>
      </Td>
      <Td align="end">{formatCount(progress.calls)}</Td>
      <Td align="end" className="text-ink-2">
        <Time at={collection.createdAt} />
      </Td>
    </Tr>
  );
}
