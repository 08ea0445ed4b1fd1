import type { Metadata } from "next";
import { headers } from "next/headers";
import { apiDocs } from "@/lib/server/api";
import { CodeBlock } from "@/components/api/code-block";
import { RouteCard } from "@/components/api/route-card";
import { ButtonLink } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";

export const metadata: Metadata = { title: "HTTP API" };

export default async function ApiDocsPage() {
  const asked = await headers();
  const host = asked.get("host") ?? "127.0.0.1:3000";
  const origin = `${asked.get("x-forwarded-proto") === "https" ? "https" : "http"}://${host}`;
  const groups = apiDocs();
  return (
    <>
      <PageHeader
        title="HTTP API"
        meta="Everything from a file to a dataset, for scripts. Each request carries a token and acts as the person who made it."
        back={{ href: "/settings", label: "Settings" }}
        action={
          <ButtonLink href="/settings" variant="primary">
            Make a token
          </ButtonLink>
        }
      />
      <div className="flex flex-col gap-4">
        <Section title="To begin with">
          <div className="flex flex-col gap-3 text-sm">
            <p className="max-w-[90ch] text-ink-2">
              Lists answer <code>rows</code> and <code>next</code>; send <code>next</code> as{" "}
              <code>cursor</code> to go on, and say with <code>limit</code> how many rows a page has at most.
              Errors answer <code>error</code> with <code>code</code>, <code>message</code> and{" "}
              <code>fix</code>. JSON bodies hold 1 MB at most; files are sent as they are. For generated
              clients there is{" "}
              <a href="/api/v1/openapi.json" className="underline underline-offset-2">
                openapi.json
              </a>
              ; for the whole path in Python, without packages,{" "}
              <a href="/gleaner_example.py" className="underline underline-offset-2">
                gleaner_example.py
              </a>
              .
            </p>
            <CodeBlock
              name="the shell’s settings"
              text={`export GLEANER_URL=${origin}\nexport GLEANER_TOKEN=glr_…`}
            />
            <CodeBlock
              name="Python’s settings"
              text={`import json, os\nfrom urllib.request import Request, urlopen\nURL = os.environ["GLEANER_URL"]\nHEADERS = {"Authorization": "Bearer " + os.environ["GLEANER_TOKEN"]}`}
            />
          </div>
        </Section>
        {groups.map(({ group, routes }) => (
          <Section key={group} title={group}>
            <ul className="flex flex-col divide-y divide-line">
              {routes.map((route) => (
                <RouteCard key={route.name} route={route} />
              ))}
            </ul>
          </Section>
        ))}
      </div>
    </>
  );
}
