"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { DatasetCardView } from "@/components/dataset/dataset-card";
import { DatasetFields, type DatasetDraft } from "@/components/dataset/dataset-fields";
import { Button } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import { Checkbox } from "@/components/ui/field";
import { Section } from "@/components/ui/section";
import { Skeleton } from "@/components/ui/skeleton";
import type { Chosen } from "../../selection";
import { answered, useAct } from "../../use-act";
import { curateDataset, previewDataset } from "../actions";

type Props = {
  selection: Chosen;
  /** What is chosen when solved expert trajectories are to be cloned as well; null where they cannot be. */
  withSolved: Chosen | null;
  runId: number | null;
  words: string;
  name: string;
};

/** Shows what a dataset would hold under each policy, and freezes it. */
export function NewDataset({ selection, withSolved, runId, words, name }: Props) {
  const router = useRouter();
  const { pending, failure, act } = useAct();
  const [draft, setDraft] = useState<DatasetDraft>({ name, reviewPolicy: "approved", includeSolved: false });
  const [includeStale, setIncludeStale] = useState(false);
  const { reviewPolicy, includeSolved } = draft;
  const recipe = {
    selection: (includeSolved ? withSolved : null) ?? selection,
    runId,
    reviewPolicy,
    includeSolved,
    includeStale,
  };
  const preview = useQuery({
    queryKey: ["dataset-preview", recipe],
    queryFn: () => answered(previewDataset({ ...recipe, name: "preview" })),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  const card = preview.data?.ok ? preview.data.value.card : null;
  const nothing = card?.trainedTurns === 0;
  return (
    <form
      className="grid items-start gap-4 lg:grid-cols-[380px_minmax(0,1fr)]"
      onSubmit={(event) => {
        event.preventDefault();
        act(
          () => curateDataset({ ...recipe, name: draft.name }),
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
          {includeStale || (card?.leftOut.stale ?? 0) > 0 ? (
            <Checkbox
              checked={includeStale}
              onChange={(event) => setIncludeStale(event.currentTarget.checked)}
              label="Include solutions with stale verdicts"
              hint="Their verdicts are of an older checkpoint than the newest of their campaign."
            />
          ) : null}
          {failure ? <FailureNote failure={failure} /> : null}
          <Button
            type="submit"
            variant="primary"
            disabled={pending || draft.name.trim() === "" || nothing || preview.isFetching}
          >
            {pending ? "Freezing…" : "Freeze this dataset"}
          </Button>
        </div>
      </Section>
      <Section title="What would be in it" note={preview.isFetching ? "counting…" : undefined}>
        <div className="flex flex-col gap-4" aria-busy={preview.isFetching}>
          {nothing ? (
            <Nothing approvedOnly={reviewPolicy === "approved"} waiting={card?.leftOut.notApproved ?? 0} />
          ) : null}
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
