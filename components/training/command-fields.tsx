/** `CommandFields`: the run folder's format, which of the operator's commands is started in it, and where the result is served. */
import { CodeField } from "@/components/ui/code-field";
import { ErrorNote } from "@/components/ui/error-note";
import { describedBy, Field, Select } from "@/components/ui/field";
import type { ProviderDraft } from "./provider-draft";
import type { TrainerChoices } from "./provider-fields";

type Props = {
  draft: ProviderDraft;
  choices: TrainerChoices;
  onChange: (change: Partial<ProviderDraft>) => void;
};

export function CommandFields({ draft, choices, onChange }: Props) {
  return (
    <>
      <Field id="format" label="Format of the run folder" hint="Data, sidecars and the trainer’s own files.">
        <Select
          id="format"
          value={draft.format}
          aria-describedby={describedBy("format")}
          onChange={(event) => onChange({ format: event.currentTarget.value })}
        >
          {choices.formats.map(({ format, title }) => (
            <option key={format} value={format}>
              {title}
            </option>
          ))}
        </Select>
      </Field>
      <Field
        id="command"
        label="Command"
        hint="Commands come from train-commands.json in the data folder, written by whoever runs this machine; none can be typed in here."
      >
        <Select
          id="command"
          value={draft.command}
          aria-describedby={describedBy("command")}
          onChange={(event) => onChange({ command: event.currentTarget.value })}
        >
          <option value="">none: only write the folder</option>
          {choices.commands.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      {choices.trouble === null ? null : <ErrorNote message={choices.trouble} />}
      <CodeField
        id="endpoint"
        label="Where the checkpoint will be served"
        hint="Base URL up to and including /v1. Empty: it is asked for once the training is over."
        type="url"
        value={draft.endpoint}
        onChange={(endpoint) => onChange({ endpoint })}
      />
      <CodeField
        id="served-model"
        label="Served as"
        hint="The name the server gives it. Empty where every checkpoint has a name of its own."
        maxLength={200}
        disabled={draft.endpoint.trim() === ""}
        value={draft.model}
        onChange={(model) => onChange({ model })}
      />
    </>
  );
}
