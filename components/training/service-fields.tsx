/** `ServiceFields`: where a fine-tuning service is, and which dialect of OpenAI's API it speaks. */
import { Choice, ChoiceGroup } from "@/components/ui/choice";
import { CodeField } from "@/components/ui/code-field";
import type { ProviderDraft } from "./provider-draft";

type Props = { draft: ProviderDraft; onChange: (change: Partial<ProviderDraft>) => void };

export function ServiceFields({ draft, onChange }: Props) {
  const isOpenAI = draft.kind === "openai";
  return (
    <>
      <CodeField
        id="base-url"
        label="Base URL"
        hint={
          isOpenAI
            ? "Up to and including /v1; it answers /files and /fine_tuning/jobs."
            : "Up to and including /v1; empty for the service’s own."
        }
        type="url"
        required={isOpenAI}
        value={draft.baseURL}
        onChange={(baseURL) => onChange({ baseURL })}
      />
      {draft.kind === "fireworks" ? (
        <CodeField
          id="account-id"
          label="Account"
          hint="The id of the account that trains."
          required
          value={draft.accountId}
          onChange={(accountId) => onChange({ accountId })}
        />
      ) : null}
      {isOpenAI ? <Dialect draft={draft} onChange={onChange} /> : null}
      <CodeField
        id="served-at"
        label="Where its models answer"
        hint={
          draft.kind === "fireworks"
            ? "Base URL for chat completions of a deployed model; empty where somebody says so later."
            : "Base URL for chat completions; empty where it is the same, under the same key."
        }
        type="url"
        value={draft.servedAt}
        onChange={(servedAt) => onChange({ servedAt })}
      />
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
