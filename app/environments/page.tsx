import type { Metadata } from "next";
import { environmentDrivers, listEnvironments } from "@/lib/server/reads";
import { EnvironmentTable } from "@/components/environment/environment-table";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";

export const metadata: Metadata = { title: "Environments" };

export default async function EnvironmentsPage() {
  const rows = await listEnvironments();
  const add = (
    <ButtonLink href="/environments/new" variant="primary">
      Add an environment
    </ButtonLink>
  );
  return (
    <>
      <PageHeader
        title="Environments"
        meta="What answers an action. One with a driver can replay a trajectory and let an agent play on from any of its states."
        action={add}
      />
      {rows.length === 0 ? (
        <EmptyState
          title="No environment yet"
          text="Environments that trajectories name appear here by themselves when they are imported. Give one a driver to mine in it, or start with the built-in web shop."
        >
          {add}
        </EmptyState>
      ) : (
        <EnvironmentTable rows={rows} drivers={environmentDrivers()} />
      )}
    </>
  );
}
