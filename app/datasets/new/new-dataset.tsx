"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useDeferredValue, useState } from "react";
import { doubts, RecipeSettings } from "@/lib/core/dataset-recipe";
import { DatasetCardView } from "@/components/dataset/dataset-card";
import { DatasetFields, type DatasetDraft } from "@/components/dataset/dataset-fields";
import { FreezeProgressView } from "@/components/dataset/freeze-progress";
import { RecipeFields, recipeOf, type RecipeDraft } from "@/components/dataset/recipe-fields";
import { Refusals } from "@/components/dataset/refusals";
import { Button } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import { Section } from "@/components/ui/section";
import { Skeleton } from "@/components/ui/skeleton";
import type { Chosen } from "../../selection";
import { answered, useAct } from "../../use-act";
import { previewDataset } from "../actions";
import { useFreeze } from "./use-freeze";

type Props = {
  selection: Chosen;
  /** What is chosen when solved expert trajectories are to be cloned as well; null where they cannot be. */
  withSolved: Chosen | null;
  runId: number | null;
  words: string;
  name: string;
  runs: { runId: number; name: string }[];
  /** What the version before was made of; null for a new dataset. */
  before: RecipeSettings | null;
};

const draftOf = (settings: RecipeSettings): RecipeDraft => ({
  kinds: settings.kinds,
  validationShare: String(settings.validationShare),
  capPerSubtask: settings.capPerSubtask === null ? "" : String(settings.capPerSubtask),
  runIds: settings.runIds,
  doubts: {
    stale: answerOf(settings.includeStale, settings.leaveOut.includes("stale")),
    undecided: answerOf(settings.includeUndecided, settings.leaveOut.includes("undecided")),
  },
});
const answerOf = (include: boolean, leaveOut: boolean) =>
  include ? "include" : leaveOut ? "leave_out" : "refuse";

/** Shows what a dataset would hold under each policy, and freezes it. */
export function NewDataset({ selection, withSolved, runId, words, name, runs, before }: Props) {
  const router = useRouter();
  const { pending, failure, act } = useAct();
  const { progress, freeze, stop } = useFreeze();
  const settings = before ?? RecipeSettings.parse({});
  const [draft, setDraft] = useState<DatasetDraft>({
    name,
    reviewPolicy: settings.reviewPolicy,
    includeSolved: settings.includeSolved,
  });
  const [mix, setMix] = useState<RecipeDraft>(draftOf(settings));
  const { reviewPolicy, includeSolved } = draft;
  const chosen = recipeOf(mix);
  // What the page has no field for is as it was in the version before.
  const recipe = {
    ...settings,
    ...(chosen ?? {}),
    selection: (includeSolved ? withSolved : null) ?? selection,
    runId: chosen && chosen.runIds.length > 0 ? null : runId,
    reviewPolicy,
    includeSolved,
    iteration: null,
  };
  const typedName = useDeferredValue(draft.name.trim());
  const preview = useQuery({
    queryKey: ["dataset-preview", recipe, typedName],
    queryFn: () => answered(previewDataset({ ...recipe, name: typedName || "preview" })),
    placeholderData: keepPreviousData,
    enabled: chosen !== null,
    staleTime: 0,
  });
  const found = preview.data?.ok ? preview.data.value : null;
  const card = found?.card ?? null;
  const nothing = card !== null && card.trainedTurns === card.validation.trainedTurns;
  const refused = found !== null && doubts.some((doubt) => found.refused.counts[doubt] > 0);
  return (
    <form
      className="grid items-start gap-4 lg:grid-cols-[380px_minmax(0,1fr)]"
      onSubmit={(event) => {
        event.preventDefault();
        act(
          async () => {
            const frozen = await freeze({ ...recipe, name: draft.name, contentHash: found?.contentHash });
            // What it would hold changed: it is looked at again before it is frozen.
            if (!frozen.ok && frozen.error.code === "conflict") void preview.refetch();
            return frozen;
          },
          ({ datasetId }) => router.push(`/datasets/${datasetId}`),
        );
      }}
    >
      <Section title="What to freeze">
        <div className="flex flex-col gap-5">
          <p className="text-sm text-ink-2">
            Chosen: <span className="text-ink">{words}</span>
          </p>
          <DatasetFields
            draft={draft}
            canIncludeSolved={withSolved !== null}
            onChange={(change) => setDraft({ ...draft, ...change })}
          />
          <RecipeFields draft={mix} runs={runs} onChange={(change) => setMix({ ...mix, ...change })} />
          {found && found.version > 1 ? (
            <p className="text-xs text-ink-2">
              There is a dataset of this name: this becomes version {found.version} of it.
            </p>
          ) : null}
          {failure ? <FailureNote failure={failure} /> : null}
          <Button
            type="submit"
            variant="primary"
            disabled={
              pending ||
              draft.name.trim() === "" ||
              nothing ||
              refused ||
              chosen === null ||
              preview.isFetching
            }
          >
            {pending ? "Freezing…" : "Freeze this dataset"}
          </Button>
          <FreezeProgressView progress={progress} onStop={stop} />
        </div>
      </Section>
      <Section title="What would be in it" note={preview.isFetching ? "counting…" : undefined}>
        <div className="flex flex-col gap-4" aria-busy={preview.isFetching}>
          {nothing ? (
            <Nothing approvedOnly={reviewPolicy === "approved"} waiting={card?.leftOut.notApproved ?? 0} />
          ) : null}
          {found ? <Refusals refused={found.refused} /> : null}
          {card ? <DatasetCardView card={card} /> : null}
          {preview.isPending ? <Skeleton className="h-80 w-full" /> : null}
          {preview.data?.ok === false ? <FailureNote failure={preview.data.error} /> : null}
        </div>
      </Section>
    </form>
  );
}

function Nothing({ approvedOnly, waiting }: { approvedOnly: boolean; waiting: number }) {
  const fix =
    approvedOnly && waiting > 0
      ? "Approve beneficial actions on the review pages, or choose “all not vetoed”."
      : "Choose trajectories that were mined and have a solution, or include solved expert trajectories.";
  return <FailureNote failure={{ message: "Nothing in this selection would be trained.", fix }} />;
}
