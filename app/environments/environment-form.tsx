"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { configOf, type EnvironmentDraft } from "@/components/environment/environment-draft";
import { EnvironmentFields, type Driver } from "@/components/environment/environment-fields";
import { Button, ButtonLink } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import { Section } from "@/components/ui/section";
import { useAct } from "../use-act";
import { putEnvironment } from "./actions";

/** Adds an environment or changes one; it is connected once before it is stored. */
export function EnvironmentForm(props: { initial: EnvironmentDraft; drivers: Driver[]; named: boolean }) {
  const router = useRouter();
  const { pending, failure, act } = useAct();
  const [draft, setDraft] = useState(props.initial);
  const read = configOf(draft);
  return (
    <form
      className="max-w-[720px]"
      onSubmit={(event) => {
        event.preventDefault();
        if (!read.ok) return;
        const input = {
          name: draft.name,
          driver: draft.driver === "" ? null : draft.driver,
          config: read.config,
        };
        act(
          () => putEnvironment(input),
          ({ environmentId }) => router.push(`/environments/${environmentId}`),
        );
      }}
    >
      <Section title="Set-up">
        <div className="flex flex-col gap-5">
          <EnvironmentFields
            draft={draft}
            drivers={props.drivers}
            named={props.named}
            onChange={(change) => setDraft({ ...draft, ...change })}
          />
          {failure ? <FailureNote failure={failure} /> : null}
          <div className="flex gap-2">
            <Button
              type="submit"
              variant="primary"
              disabled={pending || !read.ok || draft.name.trim() === ""}
            >
              {pending ? "Connecting…" : "Connect and store"}
            </Button>
            <ButtonLink href="/environments" variant="quiet">
              Cancel
            </ButtonLink>
          </div>
        </div>
      </Section>
    </form>
  );
}
