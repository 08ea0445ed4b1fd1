"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { PolicyRow } from "@/lib/core/rows";
import { runBudgetOf } from "@/components/run/budget-draft";
import { RunFields } from "@/components/run/run-fields";
import { newDraft, settingsOf, type RunDraft } from "@/components/run/run-draft";
import { RunPlanNote } from "@/components/run/run-plan";
import { Button } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import { Section } from "@/components/ui/section";
import { Skeleton } from "@/components/ui/skeleton";
import type { Chosen } from "../../selection";
import { answered, useAct } from "../../use-act";
import { planRun, startRun } from "../actions";

type Agent = Pick<PolicyRow, "policyId" | "name" | "kind"> & { about: string; priced: boolean };

type Props = {
  selection: Chosen;
  words: string;
  policies: Agent[];
  /** Environments among the chosen that cannot be replayed. */
  unreplayable: string[];
  first: number;
};

/** Sets a run up, says what it would cost, and starts it. */
export function NewRun(props: Props) {
  const { selection, words, policies } = props;
  const router = useRouter();
  const { pending, failure, act } = useAct();
  const [draft, setDraft] = useState<RunDraft>(newDraft(props.first));
  const settings = settingsOf(draft);
  const agent = policies.find((policy) => policy.policyId === draft.policyId);
  const budget = runBudgetOf(agent?.priced ? draft : { ...draft, maxCost: "" });
  const input = settings &&
    budget && { ...settings, budget, name: draft.name, policyId: draft.policyId, selection };
  const plan = useQuery({
    queryKey: ["plan", selection, settings],
    queryFn: () => (input ? answered(planRun(input)) : null),
    enabled: input !== null,
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  const known = plan.data?.ok ? plan.data.value : null;
  const nothing = known?.trajectories === 0;
  return (
    <form
      className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_380px]"
      onSubmit={(event) => {
        event.preventDefault();
        if (input)
          act(
            () => startRun(input),
            ({ runId }) => router.push(`/runs/${runId}`),
          );
      }}
    >
      <Section title="Set-up">
        <RunFields
          draft={draft}
          policies={policies}
          priced={agent?.priced ?? false}
          onChange={(change) => setDraft({ ...draft, ...change })}
        />
      </Section>
      <div className="sticky top-4">
        <Section title="What it will do">
          <div className="flex flex-col gap-4">
            <p className="text-sm text-ink-2">
              Chosen: <span className="text-ink">{words}</span>
            </p>
            {known && !nothing ? (
              <RunPlanNote plan={known} budget={budget} free={agent?.kind !== "openai"} />
            ) : null}
            {props.unreplayable.length > 0 ? (
              <p className="rounded border border-undecided-line bg-undecided-soft px-3 py-2 text-sm">
                {props.unreplayable.join(", ")} {props.unreplayable.length === 1 ? "has" : "have"} no driver:
                those trajectories cannot be replayed and stay undecided. Give it one under{" "}
                <Link href="/environments" className="underline underline-offset-2">
                  Environments
                </Link>
                , or choose by environment.
              </p>
            ) : null}
            {plan.isPending ? <Skeleton className="h-20 w-full" /> : null}
            {nothing ? (
              <FailureNote
                failure={{
                  message: "The selection holds no failed expert trajectory.",
                  fix: "Go back to the list and choose trajectories whose expert did not succeed.",
                }}
              />
            ) : null}
            {plan.data?.ok === false ? <FailureNote failure={plan.data.error} /> : null}
            {failure ? <FailureNote failure={failure} /> : null}
            <Button type="submit" variant="primary" disabled={pending || input === null || nothing}>
              {pending ? "Starting…" : "Start the run"}
            </Button>
          </div>
        </Section>
      </div>
    </form>
  );
}
