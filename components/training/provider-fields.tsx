/** `ProviderFields`: who fine-tunes: a service that speaks OpenAI's API, or a folder and a command on this machine. */
import type { TrainerNotice } from "@/lib/core/trainer";
import type { TrainingKind } from "@/lib/core/training";
import { Choice, ChoiceGroup } from "@/components/ui/choice";
import { describedBy, Field, Input } from "@/components/ui/field";
import { KeyField } from "@/components/ui/key-field";
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
      {draft.kind === "command" ? (
        <CommandFields draft={draft} choices={choices} onChange={onChange} />
      ) : (
        <ServiceFields draft={draft} onChange={onChange} />
      )}
      <ProviderKey draft={draft} stored={stored} onChange={onChange} />
    </div>
  );
}

function ProviderKey({ draft, stored, onChange }: Omit<Props, "choices">) {
  const what =
    draft.kind !== "command"
      ? "Goes to the base URL only, and to the policies it trains where they answer at the same address."
      : "Of the server the checkpoint is served at; its policies get it.";
  const hint = stored?.hasSecret ? "A key is stored, encrypted. Leave this empty to keep it." : what;
  const hasKey = stored?.hasSecret === true;
  return <KeyField id="provider-key" hint={hint} draft={draft} stored={hasKey} onChange={onChange} />;
}
