import type { Metadata } from "next";
import { listTrainingProviders } from "@/lib/server/reads";
import { ProviderTable } from "@/components/training/provider-table";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { providerWords } from "../draft";

export const metadata: Metadata = { title: "Training providers" };

export default async function ProvidersPage() {
  const rows = await listTrainingProviders();
  const add = (
    <ButtonLink href="/training/providers/new" variant="primary">
      Add a provider
    </ButtonLink>
  );
  return (
    <>
      <PageHeader
        title="Providers"
        back={{ href: "/training", label: "Training" }}
        meta="Who fine-tunes: a service that speaks OpenAI’s API, or a folder and a command on this machine."
        action={add}
      />
      {rows.length === 0 ? (
        <EmptyState
          title="No provider yet"
          text="Add a fine-tuning service with its key, or let Gleaner write run folders for a trainer on this machine."
        >
          {add}
        </EmptyState>
      ) : (
        <ProviderTable rows={rows.map((row) => ({ ...row, trains: providerWords(row) }))} />
      )}
    </>
  );
}
