/** `PolicyFields`: an OpenAI-compatible endpoint: where it is, which model, its key, how it samples. */
import { CodeField } from "@/components/ui/code-field";
import { describedBy, Field, Input, Textarea } from "@/components/ui/field";
import { KeyField } from "@/components/ui/key-field";
import { NumberField } from "@/components/ui/number-field";
import { LoadFields } from "./load-fields";
import { ranges, type PolicyDraft } from "./policy-draft";

type Props = {
  draft: PolicyDraft;
  /** A stored policy keeps its name, and may have a key. */
  stored: { hasSecret: boolean } | null;
  onChange: (change: Partial<PolicyDraft>) => void;
};

export function PolicyFields({ draft, stored, onChange }: Props) {
  const keyHint = stored?.hasSecret
    ? "A key is stored, encrypted. Leave this empty to keep it."
    : "Stored encrypted and never shown again. Empty for servers that want none.";
  return (
    <div className="flex flex-col gap-5">
      <Field id="policy-name" label="Name" hint="As runs will name it.">
        <Input
          id="policy-name"
          required
          maxLength={100}
          readOnly={stored !== null}
          value={draft.name}
          aria-describedby="policy-name-hint"
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
      </Field>
      <CodeField
        id="base-url"
        label="Base URL"
        hint="Up to and including /v1, e.g. http://localhost:8000/v1"
        type="url"
        required
        value={draft.baseURL}
        onChange={(baseURL) => onChange({ baseURL })}
      />
      <Field
        id="replicas"
        label="Further servers of the same model"
        hint="One base URL per line, under the same key. All calls about one subtask go to one server, so that it finds their shared beginning in its cache; while one is down the others take over."
      >
        <Textarea
          id="replicas"
          rows={2}
          spellCheck={false}
          className="font-mono"
          value={draft.replicas}
          aria-describedby={describedBy("replicas")}
          onChange={(event) => onChange({ replicas: event.currentTarget.value })}
        />
      </Field>
      <CodeField
        id="policy-model"
        label="Model"
        hint="As the server names it. Verdicts belong to it: other weights, another name."
        required
        value={draft.model}
        onChange={(model) => onChange({ model })}
      />
      <KeyField
        id="key"
        hint={keyHint}
        draft={draft}
        stored={stored?.hasSecret === true}
        onChange={onChange}
      />
      <div className="grid grid-cols-2 gap-4">
        <NumberField
          id="temperature"
          label="Temperature"
          hint="0 always says the same: several rollouts per state would tell nothing new."
          range={ranges.temperature}
          value={draft.temperature}
          onChange={(temperature) => onChange({ temperature })}
        />
        <NumberField
          id="max-tokens"
          label="Tokens per reply, at most"
          hint="Room for a thought and an action."
          range={ranges.maxTokens}
          value={draft.maxTokens}
          onChange={(maxTokens) => onChange({ maxTokens })}
        />
      </div>
      <LoadFields draft={draft} onChange={onChange} />
    </div>
  );
}
