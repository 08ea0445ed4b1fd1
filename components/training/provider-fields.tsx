/** `ProviderFields`: who fine-tunes: a service that speaks OpenAI's API, or a folder and a command on this machine. */
import type { TrainerNotice } from "@/lib/core/trainer";
import type { TrainingKind } from "@/lib/core/training";
import { Choice, ChoiceGroup } from "@/components/ui/choice";
import { Checkbox, describedBy, Field, Input } from "@/components/ui/field";
import { CommandFields } from "./command-fields";
import { Notices } from "./notices";
import type { ProviderDraft } from "./provider-draft";
import { ServiceFields } from "./service-fields";

export type TrainerChoices = {
  kinds: { kind: TrainingKind; title: string; description: string; notices: TrainerNotice[] }[];
  formats: { format: string; title: string }[];
  commands: string[];
  /** Why the commands cannot be read; null where they can. */
  trouble: string | null;
};

type Props = {
  draft: ProviderDraft;
  choices: TrainerChoices;
  /** A stored provider keeps its name and kind, and may have a key. */
  stored: { hasSecret: boolean } | null;
  onChange: (change: Partial<ProviderDraft>) => void;
};

export function ProviderFields({ draft, choices, stored, onChange }: Props) {
  const chosen = choices.kinds.find(({ kind }) => kind === draft.kind);
  return (
    <div className="flex flex-col gap-5">
      {stored === null ? (
        <ChoiceGroup legend="Who trains">
          {choices.kinds.map(({ kind, title, description }) => (
            <Choice
              key={kind}
              name="kind"
              label={title}
              hint={description}
              checked={draft.kind === kind}
              onChange={() => onChange({ kind })}
            />
          ))}
        </ChoiceGroup>
      ) : null}
      <Notices notices={chosen?.notices ?? []} />
      <Field id="provider-name" label="Name" hint="As trainings will name it.">
        <Input
          id="provider-name"
          required
          maxLength={100}
          readOnly={stored !== null}
          value={draft.name}
          aria-describedby={describedBy("provider-name")}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
      </Field>
      {draft.kind === "openai" ? (
        <ServiceFields draft={draft} onChange={onChange} />
      ) : (
        <CommandFields draft={draft} choices={choices} onChange={onChange} />
      )}
      <KeyField draft={draft} stored={stored} onChange={onChange} />
    </div>
  );
}

function KeyField({ draft, stored, onChange }: Omit<Props, "choices">) {
  const what =
    draft.kind === "openai"
      ? "Goes to the base URL only, and to the policies it trains where they answer at the same address."
      : "Of the server the checkpoint is served at; its policies get it.";
  const hint = stored?.hasSecret ? "A key is stored, encrypted. Leave this empty to keep it." : what;
  return (
    <>
      <Field id="provider-key" label="API key" hint={hint}>
        <Input
          id="provider-key"
          type="password"
          autoComplete="off"
          maxLength={4000}
          disabled={draft.removeKey}
          value={draft.key}
          aria-describedby={describedBy("provider-key")}
          onChange={(event) => onChange({ key: event.currentTarget.value })}
        />
      </Field>
      {stored?.hasSecret ? (
        <Checkbox
          label="Remove the stored key"
          checked={draft.removeKey}
          onChange={(event) => onChange({ removeKey: event.currentTarget.checked, key: "" })}
        />
      ) : null}
    </>
  );
}
