import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { listTrainingProviders, trainerChoices } from "@/lib/server/reads";
import { PageHeader } from "@/components/ui/page-header";
import { idOf } from "../../../found";
import { providerDraftOf } from "../../draft";
import { ProviderForm } from "../provider-form";

export const metadata: Metadata = { title: "Provider" };

const Settings = z.record(z.string(), z.unknown()).catch({});

export default async function ProviderPage({ params }: { params: Promise<{ providerId: string }> }) {
  const providerId = idOf((await params).providerId);
  const row = (await listTrainingProviders()).find((each) => each.providerId === providerId);
  if (!row) notFound();
  return (
    <>
      <PageHeader title={row.name} back={{ href: "/training/providers", label: "Providers" }} />
      <ProviderForm
        key={providerId}
        initial={providerDraftOf(row)}
        stored={{ hasSecret: row.hasSecret }}
        kept={Settings.parse(row.config)}
        choices={trainerChoices()}
      />
    </>
  );
}
