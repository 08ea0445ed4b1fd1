/** `ServiceFields`: where a service is that speaks OpenAI's fine-tuning API, and which dialect of it. */
import { Choice, ChoiceGroup } from "@/components/ui/choice";
import { describedBy, Field, Input } from "@/components/ui/field";
import type { ProviderDraft } from "./provider-draft";

type Props = { draft: ProviderDraft; onChange: (change: Partial<ProviderDraft>) => void };

export function ServiceFields({ draft, onChange }: Props) {
  return (
    <>
      <Field
        id="base-url"
        label="Base URL"
        hint="Up to and including /v1; it answers /files and /fine_tuning/jobs."
      >
        <Input
          id="base-url"
          type="url"
          required
          spellCheck={false}
          className="font-mono"
          value={draft.baseURL}
          aria-describedby={describedBy("base-url")}
          onChange={(event) => onChange({ baseURL: event.currentTarget.value })}
        />
      </Field>
      <ChoiceGroup legend="Where hyperparameters stand">
        <Choice
          name="style"
          label="Under method"
          hint="As OpenAI has it today."
          checked={draft.hyperparameterStyle === "method"}
          onChange={() => onChange({ hyperparameterStyle: "method", learningRate: "multiplier" })}
        />
        <Choice
          name="style"
          label="At the top level"
          hint="As most other services have it."
          checked={draft.hyperparameterStyle === "top-level"}
          onChange={() => onChange({ hyperparameterStyle: "top-level", learningRate: "rate" })}
        />
      </ChoiceGroup>
      <ChoiceGroup legend="What it takes for the learning rate">
        <Choice
          name="learning-rate-kind"
          label="A multiplier"
          hint="learning_rate_multiplier, of its own rate."
          checked={draft.learningRate === "multiplier"}
          onChange={() => onChange({ learningRate: "multiplier" })}
        />
        <Choice
          name="learning-rate-kind"
          label="The rate itself"
          hint="learning_rate."
          checked={draft.learningRate === "rate"}
          onChange={() => onChange({ learningRate: "rate" })}
        />
      </ChoiceGroup>
      <Field
        id="served-at"
        label="Where its models answer"
        hint="Base URL for chat completions; empty where it is the same, under the same key."
      >
        <Input
          id="served-at"
          type="url"
          spellCheck={false}
          className="font-mono"
          value={draft.servedAt}
          aria-describedby={describedBy("served-at")}
          onChange={(event) => onChange({ servedAt: event.currentTarget.value })}
        />
      </Field>
    </>
  );
}
