/** `CollectionFields`: what a new collection asks: who plays, how, and the limits that cost money. */
import { PolicyField, type OfferedPolicy } from "@/components/policy/policy-field";
import { Choice, ChoiceGroup } from "@/components/ui/choice";
import { Field, Input } from "@/components/ui/field";
import { NumberField } from "@/components/ui/number-field";
import { ranges, type CollectionDraft, type Playable } from "./collection-draft";
import { LimitField } from "@/components/ui/limit-field";
import { SubtaskFields } from "./subtask-fields";

type Props = {
  draft: CollectionDraft;
  environments: Playable[];
  policies: OfferedPolicy[];
  onChange: (change: Partial<CollectionDraft>) => void;
};

export function CollectionFields({ draft, environments, policies, onChange }: Props) {
  return (
    <div className="flex max-w-[72ch] flex-col gap-5">
      <PolicyField
        label="Policy"
        hint="The one that plays."
        value={draft.policyId}
        policies={policies}
        onChange={(policyId) => onChange({ policyId })}
      />
      <ChoiceGroup legend="Its trajectories are">
        <Choice
          name="source"
          checked={draft.source === "expert"}
          onChange={() => onChange({ source: "expert" })}
          label="an expert’s"
          hint="Failures can be mined, successes learned from."
        />
        <Choice
          name="source"
          checked={draft.source === "agent"}
          onChange={() => onChange({ source: "agent" })}
          label="the agent’s own"
          hint="To see how good it is, or to learn from its own successes (rejection sampling)."
        />
      </ChoiceGroup>
      <SubtaskFields draft={draft} environments={environments} onChange={onChange} />
      <Numbers draft={draft} onChange={onChange} />
      <Field id="collection-name" label="Name" hint="Empty: the policy and the environment.">
        <Input
          id="collection-name"
          value={draft.name}
          maxLength={200}
          aria-describedby="collection-name-hint"
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
      </Field>
    </div>
  );
}

function Numbers({ draft, onChange }: Pick<Props, "draft" | "onChange">) {
  return (
    <div className="grid grid-cols-2 gap-4">
      <NumberField
        id="attempts"
        label="Episodes per subtask"
        hint="They differ by seed; every subtask is played once before any is played again."
        range={ranges.attempts}
        value={draft.attempts}
        onChange={(attempts) => onChange({ attempts })}
      />
      <NumberField
        id="max-steps"
        label="Steps per episode, at most"
        hint="One model call each; out of steps counts as not solved."
        range={ranges.maxSteps}
        value={draft.maxSteps}
        onChange={(maxSteps) => onChange({ maxSteps })}
      />
      <LimitField
        id="max-calls"
        label="Calls in all, at most"
        hint="A call is one decision. Never exceeded: an episode begins only if all its steps fit."
        range={ranges.maxCalls}
        value={draft.maxCalls}
        onChange={(maxCalls) => onChange({ maxCalls })}
      />
      <LimitField
        id="max-tokens"
        label="Tokens in all, at most"
        hint="As the endpoint reports them; exceeded by no more than the calls in the air."
        range={ranges.maxTokens}
        value={draft.maxTokens}
        onChange={(maxTokens) => onChange({ maxTokens })}
      />
      <NumberField
        id="concurrency"
        label="Episodes at once"
        hint="Over all workers."
        range={ranges.concurrency}
        value={draft.concurrency}
        onChange={(concurrency) => onChange({ concurrency })}
      />
      <NumberField
        id="seed"
        label="Seed"
        hint="All randomness of the collection is drawn from it."
        range={ranges.seed}
        value={draft.seed}
        onChange={(seed) => onChange({ seed })}
      />
    </div>
  );
}
