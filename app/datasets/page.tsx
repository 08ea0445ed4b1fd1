import type { Metadata } from "next";
import { DatasetCard } from "@/lib/core/dataset";
import { listDatasets } from "@/lib/server/reads";
import { DatasetTable } from "@/components/dataset/dataset-table";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pager } from "@/components/ui/pager";
import { cursorIn } from "../cursor";
import { found } from "../found";
import type { SearchParams } from "../trajectories/filter";

export const metadata: Metadata = { title: "Datasets" };

export default async function DatasetsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const cursor = cursorIn(await searchParams);
  const { rows, next } = await found(listDatasets(cursor));
  const freeze = (
    <ButtonLink href="/datasets/new" variant="primary">
      Freeze a dataset
    </ButtonLink>
  );
  return (
    <>
      <PageHeader
        title="Datasets"
        meta="A dataset is frozen: what is in it never changes, whatever is mined or reviewed later."
        action={freeze}
      />
      {rows.length === 0 ? (
        <EmptyState
          title="No dataset has been frozen yet"
          text="Mine failed expert trajectories, review the beneficial actions, then freeze what you trust and download it for your trainer, with everything harmful masked."
        >
          {freeze}
          <ButtonLink href="/trajectories?review=pending">Review first</ButtonLink>
        </EmptyState>
      ) : (
        <div className="flex flex-col gap-3">
          <DatasetTable rows={rows.map((row) => ({ ...row, card: DatasetCard.parse(row.card) }))} />
          <Pager
            label="Pages of datasets"
            first={cursor === null ? null : "/datasets"}
            next={next === null ? null : `/datasets?cursor=${encodeURIComponent(next)}`}
          />
        </div>
      )}
    </>
  );
}
