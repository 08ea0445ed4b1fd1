"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { PolicyRow } from "@/lib/core/rows";
import {
  newDraft,
  settingsOf,
  type CollectionDraft,
  type Playable,
} from "@/components/collection/collection-draft";
import { CollectionFields } from "@/components/collection/collection-fields";
import { CollectionPlanNote } from "@/components/collection/collection-plan";
import { Button } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import { Section } from "@/components/ui/section";
import { Skeleton } from "@/components/ui/skeleton";
import { answered, useAct } from "../../use-act";
import { planCollection, startCollection } from "../actions";

type Props = {
  environments: Playable[];
  policies: (Pick<PolicyRow, "policyId" | "name" | "kind"> & { about: string })[];
  first: Pick<CollectionDraft, "environmentId" | "policyId" | "split" | "taskType">;
};

/** Sets a collection up, says what it would cost, and starts it. */
export function NewCollection({ environments, policies, first }: Props) {
  const router = useRouter();
  const { pending, failure, act } = useAct();
  const [draft, setDraft] = useState<CollectionDraft>(newDraft(first));
  const settings = settingsOf(draft);
  const plan = useQuery({
    queryKey: ["plan-collection", settings],
    queryFn: () => (settings ? answered(planCollection(settings)) : null),
    enabled: settings !== null,
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  const policy = policies.find((each) => each.policyId === draft.policyId);
  const known = plan.data?.ok ? plan.data.value : null;
  // An environment that never listed its subtasks is asked for them at the start.
  const listed = environments.some((e) => e.environmentId === draft.environmentId && e.subtasks.length > 0);
  const nothing = known?.subtasks === 0 && listed;
  return (
    <form
      className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_380px]"
      onSubmit={(event) => {
        event.preventDefault();
        if (settings)
          act(
            () => startCollection({ ...settings, name: draft.name }),
            ({ collectionId }) => router.push(`/collections/${collectionId}`),
          );
      }}
    >
      <Section title="Set-up">
        <CollectionFields
          draft={draft}
          environments={environments}
          policies={policies}
          onChange={(change) => setDraft({ ...draft, ...change })}
        />
      </Section>
      <div className="sticky top-4">
        <Section title="What it will do">
          <div className="flex flex-col gap-4">
            {known && known.subtasks > 0 ? (
              <CollectionPlanNote plan={known} free={policy?.kind !== "openai"} />
            ) : null}
            {plan.isPending && settings !== null ? <Skeleton className="h-20 w-full" /> : null}
            {settings === null ? (
              <p className="text-sm text-ink-2">A number or a name in the set-up does not fit.</p>
            ) : null}
            {nothing ? (
              <FailureNote
                failure={{
                  message: "No subtask of the environment is chosen.",
                  fix: "Choose another split, task type or range.",
                }}
              />
            ) : null}
            {plan.data?.ok === false ? <FailureNote failure={plan.data.error} /> : null}
            {failure ? <FailureNote failure={failure} /> : null}
            <Button type="submit" variant="primary" disabled={pending || settings === null || nothing}>
              {pending ? "Starting…" : "Start collecting"}
            </Button>
          </div>
        </Section>
      </div>
    </form>
  );
}
