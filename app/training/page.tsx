import type { Metadata } from "next";
import { listTrainings } from "@/lib/server/reads";
import { TrainingTable } from "@/components/training/training-table";
import type { SearchParams } from "../address";
import { cursorIn } from "../cursor";
import { found } from "../found";
import { ListPage } from "../list-page";

export const metadata: Metadata = { title: "Training" };

export default async function TrainingPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const cursor = cursorIn(await searchParams);
  const { rows, next } = await found(listTrainings(cursor));
  return (
    <ListPage
      title="Training"
      about="A training hands a frozen dataset to a fine-tuning service or to a trainer on this machine, follows it, and registers what comes out as a policy."
      make={{ href: "/training/new", label: "Train a dataset" }}
      also={{ href: "/training/providers", label: "Providers" }}
      empty={{
        title: "Nothing has been trained yet",
        text: "Freeze a dataset, add a provider, and train the next checkpoint here. What is trained elsewhere can be added as a policy instead.",
        other: { href: "/datasets", label: "See the datasets" },
      }}
      path="/training"
      cursor={cursor}
      next={next}
    >
      {rows.length === 0 ? null : <TrainingTable rows={rows} />}
    </ListPage>
  );
}
