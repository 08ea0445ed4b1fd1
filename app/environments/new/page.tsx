import type { Metadata } from "next";
import { environmentDrivers } from "@/lib/server/reads";
import { emptyDraft } from "@/components/environment/environment-draft";
import { PageHeader } from "@/components/ui/page-header";
import { EnvironmentForm } from "../environment-form";

export const metadata: Metadata = { title: "New environment" };

export default function NewEnvironmentPage() {
  const drivers = environmentDrivers();
  return (
    <>
      <PageHeader title="Add an environment" back={{ href: "/environments", label: "Environments" }} />
      <EnvironmentForm initial={emptyDraft(drivers[0]?.driverId ?? "")} drivers={drivers} named={false} />
    </>
  );
}
