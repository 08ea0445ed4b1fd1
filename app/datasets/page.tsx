import type { Metadata } from "next";
import { DatasetCard } from "@/lib/core/dataset";
import { listDatasets } from "@/lib/server/reads";
import { DatasetTable } from "@/components/dataset/dataset-table";
import { cursorIn } from "../cursor";
import { found } from "../found";
import { ListPage } from "../list-page";
import type { SearchParams } from "../address";

export const metadata: Metadata = { title: "Datasets" };

export default async function DatasetsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const cursor = cursorIn(await searchParams);
  const { rows, next } = await found(listDatasets(cursor));
  return (
    <ListPage
      title="Datasets"
      about="A dataset is frozen: what is in it never changes, whatever is mined or reviewed later."
      make={{ href: "/datasets/new", label: "Freeze a dataset" }}
      empty={{
        title: "No dataset has been frozen yet",
        text: "Mine failed expert trajectories, review the beneficial actions, then freeze what you trust and download it for your trainer, with everything harmful masked.",
        other: { href: "/trajectories?review=pending", label: "Review first" },
      }}
      path="/datasets"
      cursor={cursor}
      next={next}
    >
      {rows.length === 0 ? null : (
        <DatasetTable rows={rows.map((row) => ({ ...row, card: DatasetCard.parse(row.card) }))} />
      )}
    </ListPage>
  );
}
