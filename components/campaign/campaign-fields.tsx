/** `CampaignFields`: what a new campaign asks: its name, the expert, its training subtasks, and how iterations explore. */
import type { Playable } from "@/components/collection/collection-draft";
import { SubtaskFields } from "@/components/collection/subtask-fields";
import { PresetChoice } from "@/components/run/preset-choice";
import { ranges } from "@/components/run/run-draft";
import { Checkbox, Field, Input, Select } from "@/components/ui/field";
import { NumberField } from "@/components/ui/number-field";
import type { CampaignDraft } from "./campaign-draft";

type Props = {
  draft: CampaignDraft;
  environments: Playable[];
  models: string[];
  onChange: (change: Partial<CampaignDraft>) => void;
};

export function CampaignFields({ draft, environments, models, onChange }: Props) {
  return (
    <div className="flex max-w-[72ch] flex-col gap-5">
      <Field id="campaign-name" label="Name" hint="Also of its runs, collections and datasets.">
        <Input
          id="campaign-name"
          required
          maxLength={180}
          value={draft.name}
          aria-describedby="campaign-name-hint"
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
      </Field>
      <SubtaskFields draft={draft} environments={environments} onChange={onChange} />
      <Field id="expert" label="Expert" hint="Whose successes are cloned and whose failures are mined.">
        <Select
          id="expert"
          value={draft.model}
          aria-describedby="expert-hint"
          onChange={(event) => onChange({ model: event.currentTarget.value })}
        >
          <option value="">any model</option>
          {models.map((model) => (
            <option key={model} value={model}>
              {model}
            </option>
          ))}
        </Select>
      </Field>
      <PresetChoice
        legend="How hard each iteration looks"
        chosen={draft.preset}
        onChange={(preset) => onChange({ preset })}
      />
      <Checkbox
        checked={draft.plays}
        onChange={(event) => onChange({ plays: event.currentTarget.checked })}
        label="Play every training subtask from its start"
        hint="Rejection sampling: the agent’s own successes are trained on as well, and its success rate is measured."
      />
      <div className="grid grid-cols-2 gap-4">
        <NumberField
          id="max-steps"
          label="Steps, at most"
          hint="Per rollout and per episode; one model call each."
          range={ranges.maxSteps}
          value={draft.maxSteps}
          onChange={(maxSteps) => onChange({ maxSteps })}
        />
        <NumberField
          id="seed"
          label="Seed"
          hint="All randomness of the campaign is drawn from it."
          range={ranges.seed}
          value={draft.seed}
          onChange={(seed) => onChange({ seed })}
        />
      </div>
    </div>
  );
}
