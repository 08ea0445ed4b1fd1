import type { Metadata } from "next";
import { listTokens } from "@/lib/server/api-tokens";
import { whoActs } from "@/lib/server/people";
import { ButtonLink } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import { NewToken } from "./new-token";
import { TokenList } from "./token-list";

export const metadata: Metadata = { title: "Settings" };

export default async function SettingsPage() {
  const [rows, name] = await Promise.all([listTokens(), whoActs()]);
  return (
    <>
      <PageHeader
        title="Settings"
        meta="Tokens let scripts do over HTTP what people do on these pages."
        action={<ButtonLink href="/api-docs">The HTTP API</ButtonLink>}
      />
      <Section title="API tokens" note="one list for the whole team">
        <div className="flex flex-col gap-4">
          <NewToken person={name} />
          <TokenList rows={rows} />
        </div>
      </Section>
    </>
  );
}
