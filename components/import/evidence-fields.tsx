/** `EvidenceFields`: what is said of rollouts made elsewhere: the run they become, whose they are, how sure verdicts must be. */
import { Field, Input } from "@/components/ui/field";
import { AlphaControl } from "@/components/run/alpha-control";

export type EvidenceDraft = { name: string; checkpoint: string; alpha: number };

export function EvidenceFields(props: {
  draft: EvidenceDraft;
  onChange: (change: Partial<EvidenceDraft>) => void;
}) {
  const { draft, onChange } = props;
  return (
    <div className="flex flex-col gap-4">
      <Field id="evidence-name" label="Run name" hint="The rollouts become a run of this name.">
        <Input
          id="evidence-name"
          required
          maxLength={200}
          value={draft.name}
          aria-describedby="evidence-name-hint"
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
      </Field>
      <Field
        id="checkpoint"
        label="Agent checkpoint"
        hint="For rollouts that do not say which weights acted."
      >
        <Input
          id="checkpoint"
          maxLength={200}
          value={draft.checkpoint}
          placeholder="e.g. my-sft-2"
          aria-describedby="checkpoint-hint"
          onChange={(event) => onChange({ checkpoint: event.currentTarget.value })}
        />
      </Field>
      <AlphaControl
        alpha={draft.alpha}
        attempts={null}
        disabled={false}
        onChange={(alpha) => onChange({ alpha })}
        onCommit={(alpha) => onChange({ alpha })}
      />
    </div>
  );
}
