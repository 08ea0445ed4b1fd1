import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { environmentDrivers, listEnvironments } from "@/lib/server/reads";
import { Fact, Facts } from "@/components/ui/facts";
import { formatCount } from "@/components/ui/numbers";
import { PageHeader } from "@/components/ui/page-header";
import { idOf } from "../../found";
import { draftOf } from "../draft";
import { EnvironmentForm } from "../environment-form";

export const metadata: Metadata = { title: "Environment" };

export default async function EnvironmentPage({ params }: { params: Promise<{ environmentId: string }> }) {
  const environmentId = idOf((await params).environmentId);
  const row = (await listEnvironments()).find((each) => each.environmentId === environmentId);
  if (!row) notFound();
  return (
    <>
      <PageHeader
        title={row.name}
        back={{ href: "/environments", label: "Environments" }}
        meta={
          <Facts>
            <Fact name="trajectories">{formatCount(row.trajectories)}</Fact>
            {row.fingerprint === null ? null : (
              <Fact name="fingerprint">
                <code className="text-xs [overflow-wrap:anywhere]">{row.fingerprint}</code>
              </Fact>
            )}
          </Facts>
        }
      />
      <EnvironmentForm key={environmentId} initial={draftOf(row)} drivers={environmentDrivers()} named />
    </>
  );
}
