/** `ServiceFields`: where a fine-tuning service is, and which dialect of OpenAI's API it speaks. */
import { Choice, ChoiceGroup } from "@/components/ui/choice";
import { describedBy, Field, Input } from "@/components/ui/field";
import type { ProviderDraft } from "./provider-draft";

type Props = { draft: ProviderDraft; onChange: (change: Partial<ProviderDraft>) => void };

export function ServiceFields({ draft, onChange }: Props) {
  const isOpenAI = draft.kind === "openai";
  return (
    <>
      <Field
        id="base-url"
        label="Base URL"
        hint={
          isOpenAI
            ? "Up to and including /v1; it answers /files and /fine_tuning/jobs."
            : "Up to and including /v1; empty for the service’s own."
        }
      >
        <Input
          id="base-url"
          type="url"
          required={isOpenAI}
          spellCheck={false}
          className="font-mono"
          value={draft.baseURL}
          aria-describedby={describedBy("base-url")}
          onChange={(event) => onChange({ baseURL: event.currentTarget.value })}
        />
      </Field>
      {draft.kind === "fireworks" ? (
        <Field id="account-id" label="Account" hint="The id of the account that trains.">
          <Input
            id="account-id"
            required
            spellCheck={false}
            className="font-mono"
            value={draft.accountId}
            aria-describedby={describedBy("account-id")}
            onChange={(event) => onChange({ accountId: event.currentTarget.value })}
          />
        </Field>
      ) : null}
      {isOpenAI ? <Dialect draft={draft} onChange={onChange} /> : null}
      <Field
        id="served-at"
        label="Where its models answer"
        hint={
          draft.kind === "fireworks"
            ? "Base URL for chat completions of a deployed model; empty where somebody says so later."
            : "Base URL for chat completions; empty where it is the same, under the same key."
        }
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

function Dialect({ draft, onChange }: Props) {
  return (
    <>
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
    </>
  );
}
