import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { listPolicies, policyServers } from "@/lib/server/reads";
import { ServerStates } from "@/components/policy/server-states";
import { PageHeader } from "@/components/ui/page-header";
import { idOf } from "../../found";
import { policyDraftOf } from "../draft";
import { PolicyForm } from "../policy-form";

export const metadata: Metadata = { title: "Policy" };

const Settings = z.record(z.string(), z.unknown()).catch({});

export default async function PolicyPage({ params }: { params: Promise<{ policyId: string }> }) {
  const policyId = idOf((await params).policyId);
  const row = (await listPolicies()).find((each) => each.policyId === policyId);
  if (!row || row.kind !== "openai") notFound();
  const servers = await policyServers(row);
  return (
    <>
      <PageHeader title={row.name} back={{ href: "/policies", label: "Policies" }} />
      <PolicyForm
        key={policyId}
        initial={policyDraftOf(row)}
        stored={{ hasSecret: row.hasSecret }}
        kept={Settings.parse(row.config)}
      />
      <ServerStates servers={servers} />
    </>
  );
}
