/** `RunFields`: what a new run asks: agent, preset and its numbers, and the limits that cost money. */
import { PolicyField, type OfferedPolicy } from "@/components/policy/policy-field";
import { Field, Input } from "@/components/ui/field";
import { NumberField, numberIn } from "@/components/ui/number-field";
import { AlphaControl } from "./alpha-control";
import { BudgetFields } from "./budget-fields";
import { PresetChoice } from "./preset-choice";
import { RuleFields } from "./rule-fields";
import { ranges, type RunDraft } from "./run-draft";

type Props = {
  draft: RunDraft;
  policies: OfferedPolicy[];
  /** Whether the chosen agent's tokens have prices. */
  priced: boolean;
  onChange: (change: Partial<RunDraft>) => void;
};

export function RunFields({ draft, policies, priced, onChange }: Props) {
  return (
    <div className="flex max-w-[72ch] flex-col gap-5">
      <PolicyField
        label="Agent"
        hint="The policy whose failures and successes decide what the expert’s actions are worth."
        value={draft.policyId}
        policies={policies}
        onChange={(policyId) => onChange({ policyId })}
      />
      <PresetChoice
        legend="How hard to look"
        chosen={draft.preset}
        onChange={(preset) => onChange({ preset })}
      />
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
      <fieldset className="flex min-w-0 flex-col gap-2">
        <legend className="mb-1 text-sm font-medium">What it may spend</legend>
        <p className="text-xs text-ink-2">
          When a budget is reached no rollout is begun any more and the run ends; what it found stays, and it
          goes on under a larger budget.
        </p>
        <BudgetFields draft={draft} priced={priced} onChange={onChange} />
      </fieldset>
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

function StatesField({ draft, onChange }: Pick<Props, "draft" | "onChange">) {
  return (
    <NumberField
      id="states"
      label="States M"
      hint="Besides the start, spaced evenly."
      range={ranges.states}
      value={draft.states}
      onChange={(states) => onChange({ states })}
    />
  );
}

function UniformFields({ draft, onChange }: Pick<Props, "draft" | "onChange">) {
  const attempts = numberIn(draft.attempts, ranges.attempts);
  return (
    <div className="flex flex-col gap-4 border-l-2 border-accent-line pl-4">
      <div className="grid grid-cols-2 gap-4">
        <StatesField draft={draft} onChange={onChange} />
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
        attempts={attempts}
        disabled={false}
        onChange={(alpha) => onChange({ alpha })}
        onCommit={(alpha) => onChange({ alpha })}
      />
      <RuleFields draft={draft} attempts={attempts} onChange={onChange} />
    </div>
  );
}

function AdaptiveFields({ draft, onChange }: Pick<Props, "draft" | "onChange">) {
  return (
    <div className="flex flex-col gap-4 border-l-2 border-accent-line pl-4">
      <div className="grid grid-cols-2 gap-4">
        <StatesField draft={draft} onChange={onChange} />
        <NumberField
          id="budget"
          label="Rollouts per trajectory, at most"
          hint="Most trajectories need far fewer."
          range={ranges.budget}
          value={draft.budget}
          onChange={(budget) => onChange({ budget })}
        />
      </div>
      <RuleFields draft={draft} attempts={null} onChange={onChange} />
    </div>
  );
}
