/** `SettingsFields`: which model is trained, and how; whatever is left empty is left to the provider. */
import { CodeField } from "@/components/ui/code-field";
import { describedBy, Field, Input, Textarea } from "@/components/ui/field";
import { LimitField } from "@/components/ui/limit-field";
import { extraIn, ranges, suffixIsRight, type SettingsDraft } from "./settings-draft";

type Props = { draft: SettingsDraft; onChange: (change: Partial<SettingsDraft>) => void };

export function SettingsFields({ draft, onChange }: Props) {
  const own = { placeholder: "the provider’s own" };
  return (
    <div className="flex flex-col gap-5">
      <CodeField
        id="model"
        label="Model to begin with"
        hint="As the provider, or your command, names it."
        required
        maxLength={200}
        value={draft.model}
        onChange={(model) => onChange({ model })}
      />
      <div className="grid gap-4 sm:grid-cols-3">
        <LimitField
          {...own}
          id="epochs"
          label="Epochs"
          hint="Times through the dataset."
          range={ranges.epochs}
          value={draft.epochs}
          onChange={(epochs) => onChange({ epochs })}
        />
        <LimitField
          {...own}
          id="batch-size"
          label="Batch size"
          hint="Examples per step."
          range={ranges.batchSize}
          value={draft.batchSize}
          onChange={(batchSize) => onChange({ batchSize })}
        />
        <LimitField
          {...own}
          id="learning-rate"
          label="Learning rate"
          hint="A multiplier where the provider takes one."
          range={ranges.learningRate}
          value={draft.learningRate}
          onChange={(learningRate) => onChange({ learningRate })}
        />
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          id="suffix"
          label="Suffix"
          hint="Becomes part of the new model’s name; may stay empty."
          error={suffixIsRight(draft.suffix) ? undefined : "up to 40 letters, digits, - or _"}
        >
          <Input
            id="suffix"
            spellCheck={false}
            value={draft.suffix}
            aria-invalid={!suffixIsRight(draft.suffix)}
            aria-describedby={describedBy("suffix")}
            onChange={(event) => onChange({ suffix: event.currentTarget.value })}
          />
        </Field>
        <LimitField
          {...own}
          id="seed"
          label="Seed"
          hint="The same again, where the provider can."
          range={ranges.seed}
          value={draft.seed}
          onChange={(seed) => onChange({ seed })}
        />
      </div>
      <Field
        id="extra"
        label="Further hyperparameters"
        hint="One per line, name = value, sent as they are: lora = true"
        error={extraIn(draft.extra) === null ? "each line must be name = value" : undefined}
      >
        <Textarea
          id="extra"
          rows={2}
          spellCheck={false}
          className="font-mono"
          value={draft.extra}
          aria-invalid={extraIn(draft.extra) === null}
          aria-describedby={describedBy("extra")}
          onChange={(event) => onChange({ extra: event.currentTarget.value })}
        />
      </Field>
    </div>
  );
}
