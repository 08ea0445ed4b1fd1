import type { Metadata } from "next";
import { listVerifications } from "@/lib/server/reads";
import { VerificationTable } from "@/components/replay/verification-table";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pager } from "@/components/ui/pager";
import { cursorIn } from "../cursor";
import { found } from "../found";
import type { SearchParams } from "../address";

export const metadata: Metadata = { title: "Replay checks" };

export default async function ReplaysPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const cursor = cursorIn(await searchParams);
  const { rows, next } = await found(listVerifications(cursor));
  return (
    <>
      <PageHeader
        title="Replay checks"
        back={{ href: "/environments", label: "Environments" }}
        meta="A replay check takes the recorded actions again and compares every observation and reward. Only what comes again exactly can be mined."
      />
      {rows.length === 0 ? (
        <EmptyState
          title="Nothing has been replayed on request yet"
          text="Choose trajectories in the list and press “Verify replay”. Mining checks each trajectory by itself before it begins."
        >
          <ButtonLink href="/trajectories?source=any&outcome=any" variant="primary">
            Choose trajectories
          </ButtonLink>
        </EmptyState>
      ) : (
        <div className="flex flex-col gap-3">
          <VerificationTable rows={rows} />
          <Pager
            label="Pages of replay checks"
            first={cursor === null ? null : "/replays"}
            next={next === null ? null : `/replays?cursor=${encodeURIComponent(next)}`}
          />
        </div>
      )}
    </>
  );
}
