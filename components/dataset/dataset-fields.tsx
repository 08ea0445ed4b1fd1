/** `DatasetFields`: name, whose word counts, and whether solved expert trajectories are cloned. */
import { reviewPolicies, type ReviewPolicy } from "@/lib/core/rows";
import { Checkbox, Field, Input } from "@/components/ui/field";
import { Choice, ChoiceGroup } from "@/components/ui/choice";
import { policyWords } from "./dataset-words";

export type DatasetDraft = { name: string; reviewPolicy: ReviewPolicy; includeSolved: boolean };
type Props = {
  draft: DatasetDraft;
  canIncludeSolved: boolean;
  onChange: (change: Partial<DatasetDraft>) => void;
};

export function DatasetFields({ draft, canIncludeSolved, onChange }: Props) {
  return (
    <div className="flex flex-col gap-5">
      <Field id="dataset-name" label="Name" hint="Also the name of the files it is downloaded as.">
        <Input
          id="dataset-name"
          required
          maxLength={200}
          value={draft.name}
          aria-describedby="dataset-name-hint"
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
      </Field>
      <ChoiceGroup legend="Which expert actions are trained">
        {reviewPolicies.map((policy) => (
          <Choice
            key={policy}
            name="review-policy"
            checked={draft.reviewPolicy === policy}
            onChange={() => onChange({ reviewPolicy: policy })}
            label={policyWords[policy].word.replace(/^./, (letter) => letter.toUpperCase())}
            hint={policyWords[policy].meaning}
          />
        ))}
      </ChoiceGroup>
      <Checkbox
        checked={draft.includeSolved}
        disabled={!canIncludeSolved}
        onChange={(event) => onChange({ includeSolved: event.currentTarget.checked })}
        label="Include solved expert trajectories"
        hint={
          canIncludeSolved
            ? "Behaviour cloning: each is trained whole, as in the paper’s fine-tuning step."
            : "Not for a list chosen by verdict or review: solved trajectories have neither. Freeze them on their own."
        }
      />
    </div>
  );
}
