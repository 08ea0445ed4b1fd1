import type { Metadata } from "next";
import type { PolicyRow } from "@/lib/core/rows";
import { listPolicies, policyKinds } from "@/lib/server/reads";
import { PolicyTable } from "@/components/policy/policy-table";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { AddBuiltIn } from "./add-built-in";
import { endpointWords } from "./draft";

export const metadata: Metadata = { title: "Policies" };

export default async function PoliciesPage() {
  const rows = await listPolicies();
  const kinds = policyKinds();
  const acts = (row: PolicyRow) =>
    row.kind === "openai"
      ? endpointWords(row.config)
      : (kinds.find(({ kind }) => kind === row.kind)?.description ?? row.kind);
  const missing = kinds.filter(({ kind }) => kind !== "openai" && !rows.some((row) => row.kind === kind));
  const add = (
    <ButtonLink href="/policies/new" variant="primary">
      Add an endpoint
    </ButtonLink>
  );
  return (
    <>
      <PageHeader
        title="Policies"
        meta="What acts: a model behind an OpenAI-compatible endpoint, or a built-in one. They see only what a model would see."
        action={add}
      />
      <div className="flex flex-col gap-4">
        {rows.length === 0 ? (
          <EmptyState
            title="No policy yet"
            text="A run needs somebody to play on from the expert’s states: the model you want to tune, or a built-in shopper to try everything without a model."
          >
            {add}
          </EmptyState>
        ) : (
          <PolicyTable rows={rows.map((row) => ({ ...row, acts: acts(row) }))} />
        )}
        {missing.length > 0 ? <AddBuiltIn kinds={missing} /> : null}
      </div>
    </>
  );
}
