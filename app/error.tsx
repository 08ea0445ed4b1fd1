"use client";
import { Button, ButtonLink } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";

/** A page that could not be rendered. The server keeps the details; people get what to do and a number to quote. */
export default function ErrorPage({ error, retry }: { error: unknown; retry: () => void }) {
  const digest = error instanceof Error && "digest" in error ? String(error.digest) : null;
  return (
    <>
      <PageHeader title="This page could not be shown" />
      <div className="flex max-w-[64ch] flex-col gap-4 text-base text-ink-2">
        <p>
          Something failed while it was loaded. Nothing you decided is lost: every decision is stored the
          moment it is made. If it keeps failing, <code className="text-sm">npm run doctor</code> says what is
          wrong and what to do.
        </p>
        {digest ? (
          <p className="text-sm">
            The server’s log names it <code>{digest}</code>.
          </p>
        ) : null}
        <div className="flex gap-2">
          <Button variant="primary" onClick={() => retry()}>
            Try again
          </Button>
          <ButtonLink href="/">Overview</ButtonLink>
        </div>
      </div>
    </>
  );
}
