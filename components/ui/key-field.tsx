/**
 * `KeyField`: a key that is sent once and never shown again. `stored` says that one is there, which can be removed instead
 * of replaced.
 */
import { Checkbox, Field, Input } from "./field";

type Draft = { key: string; removeKey: boolean };

export function KeyField(props: {
  id: string;
  hint: string;
  draft: Draft;
  stored: boolean;
  onChange: (change: Partial<Draft>) => void;
}) {
  const { id, hint, draft, stored, onChange } = props;
  return (
    <>
      <Field id={id} label="API key" hint={hint}>
        <Input
          id={id}
          type="password"
          autoComplete="off"
          maxLength={4000}
          disabled={draft.removeKey}
          value={draft.key}
          aria-describedby={`${id}-hint`}
          onChange={(event) => onChange({ key: event.currentTarget.value })}
        />
      </Field>
      {stored ? (
        <Checkbox
          label="Remove the stored key"
          checked={draft.removeKey}
          onChange={(event) => onChange({ removeKey: event.currentTarget.checked, key: "" })}
        />
      ) : null}
    </>
  );
}
