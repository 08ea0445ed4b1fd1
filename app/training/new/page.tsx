import type { Metadata } from "next";
import { listDatasets, listTrainingProviders, trainerChoices, trainingData } from "@/lib/server/reads";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import type { SearchParams } from "../../address";
import { found, idOf } from "../../found";
import { providerWords } from "../draft";
import { NewTraining } from "./new-training";

export const metadata: Metadata = { title: "New training" };

export default async function NewTrainingPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { dataset: asked } = await searchParams;
  const [datasets, providers] = await Promise.all([listDatasets(null), listTrainingProviders()]);
  const datasetId =
    typeof asked === "string" && asked !== "" ? idOf(asked) : (datasets.rows[0]?.datasetId ?? null);
  return (
    <>
      <PageHeader
        title="Train a dataset"
        back={{ href: "/training", label: "Training" }}
        meta="The files are the dataset’s export, with the mask in every row; nothing else is handed over."
      />
      {datasetId === null ? (
        <EmptyState
          title="There is no dataset yet"
          text="Review what was mined, then freeze a dataset: that is what is trained on."
        >
          <ButtonLink href="/datasets/new" variant="primary">
            Freeze a dataset
          </ButtonLink>
        </EmptyState>
      ) : providers.length === 0 ? (
        <EmptyState
          title="Nobody is there to train"
          text="Add a fine-tuning service that speaks OpenAI’s API, or a folder and a command on this machine."
        >
          <ButtonLink href="/training/providers/new" variant="primary">
            Add a provider
          </ButtonLink>
        </EmptyState>
      ) : (
        <NewTraining
          key={datasetId}
          data={await found(trainingData(datasetId))}
          datasets={datasets.rows.map(({ datasetId, name }) => ({ datasetId, name }))}
          providers={providers.map((row) => ({
            providerId: row.providerId,
            name: row.name,
            about: providerWords(row),
            notices: trainerChoices().kinds.find(({ kind }) => kind === row.kind)?.notices ?? [],
          }))}
        />
      )}
    </>
  );
}
