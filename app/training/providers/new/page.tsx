import type { Metadata } from "next";
import { trainerChoices } from "@/lib/server/reads";
import { emptyProvider } from "@/components/training/provider-draft";
import { PageHeader } from "@/components/ui/page-header";
import { ProviderForm } from "../provider-form";

export const metadata: Metadata = { title: "New provider" };
export const dynamic = "force-dynamic";

export default function NewProviderPage() {
  return (
    <>
      <PageHeader title="Add a provider" back={{ href: "/training/providers", label: "Providers" }} />
      <ProviderForm initial={emptyProvider} stored={null} kept={{}} choices={trainerChoices()} />
    </>
  );
}
