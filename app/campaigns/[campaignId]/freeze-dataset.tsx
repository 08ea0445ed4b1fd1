"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { reviewPolicies, type ReviewPolicy } from "@/lib/core/rows";
import { DatasetCardView } from "@/components/dataset/dataset-card";
import { policyWords } from "@/components/dataset/dataset-words";
import { Button } from "@/components/ui/button";
import { Choice, ChoiceGroup } from "@/components/ui/choice";
import { FailureNote } from "@/components/ui/failure-note";
import { Checkbox } from "@/components/ui/field";
import { Section } from "@/components/ui/section";
import { Skeleton } from "@/components/ui/skeleton";
import { answered, useAct } from "../../use-act";
import { freezeCampaignDataset, previewCampaignDataset } from "../actions";

type Props = { campaignId: number; iteration: number };

/** Shows what D_k would hold, and freezes it. */
export function FreezeDataset({ campaignId, iteration }: Props) {
  const { pending, failure, act } = useAct();
  const [reviewPolicy, setReviewPolicy] = useState<ReviewPolicy>("not_vetoed");
  const [includeStale, setIncludeStale] = useState(true);
  const recipe = { campaignId, reviewPolicy, includeStale };
  const preview = useQuery({
    queryKey: ["campaign-dataset", iteration, recipe],
    queryFn: () => answered(previewCampaignDataset(recipe)),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  const card = preview.data?.ok ? preview.data.value.card : null;
  return (
    <Section
      title={`Freeze dataset ${iteration}`}
      note="the expert’s successes, and one solution per important state of all iterations so far"
    >
      <form
        className="grid items-start gap-6 lg:grid-cols-[340px_minmax(0,1fr)]"
        onSubmit={(event) => {
          event.preventDefault();
          act(
            () => freezeCampaignDataset(recipe),
            () => undefined,
          );
        }}
      >
        <div className="flex flex-col gap-5">
          <ChoiceGroup legend="Which expert actions are trained">
            {reviewPolicies.map((policy) => (
              <Choice
                key={policy}
                name="review-policy"
                checked={reviewPolicy === policy}
                onChange={() => setReviewPolicy(policy)}
                label={policyWords[policy].word.replace(/^./, (letter) => letter.toUpperCase())}
                hint={policyWords[policy].meaning}
              />
            ))}
          </ChoiceGroup>
          {iteration === 0 ? null : (
            <Checkbox
              checked={includeStale}
              onChange={(event) => setIncludeStale(event.currentTarget.checked)}
              label="Include solutions with stale verdicts"
              hint="Where only an older checkpoint’s verdicts solve a state. They are counted on the dataset’s card."
            />
          )}
          {failure ? <FailureNote failure={failure} /> : null}
          <Button type="submit" variant="primary" disabled={pending || preview.isFetching || card === null}>
            {pending ? "Freezing…" : `Freeze dataset ${iteration}`}
          </Button>
        </div>
        <div aria-busy={preview.isFetching}>
          {card ? <DatasetCardView card={card} /> : null}
          {preview.isPending ? <Skeleton className="h-60 w-full" /> : null}
          {preview.data?.ok === false ? <FailureNote failure={preview.data.error} /> : null}
        </div>
      </form>
    </Section>
  );
}
