import type { Metadata } from "next";
import { draftOf } from "@/components/environment/environment-draft";
import { PageHeader } from "@/components/ui/page-header";
import { environmentDrivers, environmentView } from "@/lib/server/reads";
import { found, idOf } from "../../../found";
import { EnvironmentForm } from "../../environment-form";

export const metadata: Metadata = { title: "Change an environment" };

export default async function EditEnvironmentPage({
  params,
}: {
  params: Promise<{ environmentId: string }>;
}) {
  const environmentId = idOf((await params).environmentId);
  const { row } = await found(environmentView(environmentId));
  return (
    <>
      <PageHeader
        title="Change its set-up"
        back={{ href: `/environments/${environmentId}`, label: row.name }}
        meta="It is connected once before anything is stored. What was verified in another set-up counts as unchecked."
      />
      <EnvironmentForm key={environmentId} initial={draftOf(row)} drivers={environmentDrivers()} named />
    </>
  );
}
