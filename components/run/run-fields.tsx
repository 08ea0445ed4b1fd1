/** `RunFields`: what a new run asks: agent, preset and its numbers, and the limits that cost money. */
import type { PolicyRow } from "@/lib/core/rows";
import { Choice, ChoiceGroup } from "@/components/ui/choice";
import { Field, Input, Select } from "@/components/ui/field";
import { NumberField } from "@/components/ui/number-field";
import { AlphaControl } from "./alpha-control";
import { presetWords, ranges, runPresets, type RunDraft } from "./run-draft";

type Props = {
  draft: RunDraft;
  policies: (Pick<PolicyRow, "policyId" | "name"> & { about: string })[];
  onChange: (change: Partial<RunDraft>) => void;
};

export function RunFields({ draft, policies, onChange }: Props) {
  const chosen = policies.find((policy) => policy.policyId === draft.policyId);
  return (
    <div className="flex max-w-[72ch] flex-col gap-5">
      <Field
        id="policy"
        label="Agent"
        hint={
          chosen?.about ??
          "The policy whose failures and successes decide what the expert’s actions are worth."
        }
      >
        <Select
          id="policy"
          value={draft.policyId}
          aria-describedby="policy-hint"
          onChange={(event) => onChange({ policyId: Number(event.currentTarget.value) })}
        >
          {policies.map((policy) => (
            <option key={policy.policyId} value={policy.policyId}>
              {policy.name}
            </option>
          ))}
        </Select>
      </Field>
      <ChoiceGroup legend="How hard to look">
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
      {draft.preset === "uniform" ? <UniformFields draft={draft} onChange={onChange} /> : null}
      {draft.preset === "careful" || draft.preset === "find" ? (
        <AdaptiveFields draft={draft} onChange={onChange} />
      ) : null}
      <div className="grid grid-cols-2 gap-4">
        <NumberField
          id="max-steps"
          label="Steps per rollout, at most"
          hint="One model call each; out of steps counts as not solved."
          range={ranges.maxSteps}
          value={draft.maxSteps}
          onChange={(maxSteps) => onChange({ maxSteps })}
        />
        <NumberField
          id="seed"
          label="Seed"
          hint="All randomness of the run is drawn from it."
          range={ranges.seed}
          value={draft.seed}
          onChange={(seed) => onChange({ seed })}
        />
      </div>
      <Field id="run-name" label="Name" hint="Empty: the agent and the number of failures.">
        <Input
          id="run-name"
          value={draft.name}
          maxLength={200}
          aria-describedby="run-name-hint"
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
      </Field>
    </div>
  );
}

function UniformFields({ draft, onChange }: Omit<Props, "policies">) {
  const attempts = Number(draft.attempts);
  return (
    <div className="flex flex-col gap-4 border-l-2 border-accent-line pl-4">
      <div className="grid grid-cols-2 gap-4">
        <NumberField
          id="states"
          label="States M"
          hint="Besides the start, spaced evenly."
          range={ranges.states}
          value={draft.states}
          onChange={(states) => onChange({ states })}
        />
        <NumberField
          id="attempts"
          label="Rollouts per state k"
          hint="More of them can settle smaller differences."
          range={ranges.attempts}
          value={draft.attempts}
          onChange={(next) => onChange({ attempts: next })}
        />
      </div>
      <AlphaControl
        alpha={draft.alpha}
        attempts={Number.isInteger(attempts) && attempts >= 1 && attempts <= 64 ? attempts : null}
        disabled={false}
        onChange={(alpha) => onChange({ alpha })}
        onCommit={(alpha) => onChange({ alpha })}
      />
    </div>
  );
}

function AdaptiveFields({ draft, onChange }: Omit<Props, "policies">) {
  return (
    <div className="grid grid-cols-2 gap-4 border-l-2 border-accent-line pl-4">
      <NumberField
        id="states"
        label="States M"
        hint="Besides the start, spaced evenly."
        range={ranges.states}
        value={draft.states}
        onChange={(states) => onChange({ states })}
      />
      <NumberField
        id="budget"
        label="Rollouts per trajectory, at most"
        hint="Most trajectories need far fewer."
        range={ranges.budget}
        value={draft.budget}
        onChange={(budget) => onChange({ budget })}
      />
    </div>
  );
}
