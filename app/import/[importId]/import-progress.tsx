"use client";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { z } from "zod";
import { formatWords } from "@/components/import/format-words";
import { ImportOutcome } from "@/components/import/import-outcome";
import { ImportStateBadge } from "@/components/import/import-table";
import { Rejections } from "@/components/import/rejections";
import { Fact, Facts } from "@/components/ui/facts";
import { FailureNote } from "@/components/ui/failure-note";
import { formatCount } from "@/components/ui/numbers";
import { PageHeader } from "@/components/ui/page-header";
import { Pager } from "@/components/ui/pager";
import { Time } from "@/components/ui/time";
import { fetchJson } from "../../queries";
import { useRefreshed } from "../../use-refreshed";
import { ImportAnswer } from "../requests";
import { GoOn } from "./go-on";

type Props = { initial: z.infer<typeof ImportAnswer>; cursor: string | null; children: ReactNode };

const LIVE_MS = 700;

/** An import that is followed until it ended; `children` is what to do next. */
export function ImportProgress({ initial, cursor, children }: Props) {
  const { importId } = initial.row;
  const query = cursor === null ? "" : `?cursor=${encodeURIComponent(cursor)}`;
  const { data, error, refetch } = useQuery({
    queryKey: ["import", importId, cursor],
    queryFn: ({ signal }) => fetchJson(`/api/imports/${importId}${query}`, ImportAnswer, signal),
    initialData: initial,
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data && state.data.row.state !== "storing" ? false : LIVE_MS),
  });
  const { row, rejections } = data;
  useRefreshed(row.state);
  const here = `/import/${importId}`;
  return (
    <div className="flex flex-col gap-4">
      <PageHeader
        title={row.fileName}
        back={{ href: "/import", label: "Import" }}
        meta={<ImportFacts row={row} />}
      />
      {error ? (
        <FailureNote failure={{ message: error.message, fix: "What is shown is the last that was known." }} />
      ) : null}
      <ImportOutcome row={row} />
      {row.kind === "trajectories" && row.state !== "stored" ? (
        <GoOn row={row} onBegun={() => void refetch()} />
      ) : null}
      {row.state === "storing" ? null : children}
      {row.rejected > 0 ? (
        <section aria-labelledby="rejected" className="flex flex-col gap-2">
          <h2 id="rejected" className="text-base font-semibold">
            Rejected lines <span className="font-normal text-ink-3">{formatCount(row.rejected)}</span>
          </h2>
          <Rejections rows={rejections.rows} />
          <Pager
            label="Pages of rejected lines"
            first={cursor === null ? null : here}
            next={rejections.next === null ? null : `${here}?cursor=${encodeURIComponent(rejections.next)}`}
          />
        </section>
      ) : null}
    </div>
  );
}

function ImportFacts({ row }: { row: Props["initial"]["row"] }) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <ImportStateBadge state={row.state} />
      <Facts>
        <Fact name="holds">{row.kind}</Fact>
        <Fact name="format">{row.format === null ? "–" : formatWords(row.format)}</Fact>
        <Fact name="by">{row.createdBy}</Fact>
        <Fact name="sent">
          <Time at={row.createdAt} />
        </Fact>
      </Facts>
    </div>
  );
}
