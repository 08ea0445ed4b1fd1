import type { Metadata } from "next";
import { emptyPolicy } from "@/components/policy/policy-draft";
import { PageHeader } from "@/components/ui/page-header";
import { PolicyForm } from "../policy-form";

export const metadata: Metadata = { title: "New policy" };

export default function NewPolicyPage() {
  return (
    <>
      <PageHeader title="Add an endpoint" back={{ href: "/policies", label: "Policies" }} />
      <PolicyForm initial={emptyPolicy} stored={null} kept={{}} />
    </>
  );
}
