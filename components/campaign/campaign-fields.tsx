/** `CampaignFields`: what a new campaign asks: its name, the expert, its training subtasks, and how iterations explore. */
import type { Playable } from "@/components/collection/collection-draft";
import { SubtaskFields } from "@/components/collection/subtask-fields";
import { presetWords, ranges, runPresets } from "@/components/run/run-draft";
import { Choice, ChoiceGroup } from "@/components/ui/choice";
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
      <ChoiceGroup legend="How hard each iteration looks">
        {runPresets.map((preset) => (
          <Choice
            key={preset}
            name="preset"
            checked={draft.preset === preset}
            onChange={() => onChange({ preset })}
            label={presetWords[preset].label}
            hint={presetWords[preset].hint}
          />
        ))}
      </ChoiceGroup>
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
