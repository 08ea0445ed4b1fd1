/** `LimitField`: a whole number that may be left empty, which means no limit. */
import type { ReactNode } from "react";
import { describedBy, Field, Input } from "@/components/ui/field";
import { numberIn } from "@/components/ui/number-field";

type Props = {
  id: string;
  label: string;
  hint: ReactNode;
  range: { min: number; max: number; step: number };
  value: string;
  onChange: (value: string) => void;
};

export function LimitField({ id, label, hint, range, value, onChange }: Props) {
  const wrong = value.trim() !== "" && numberIn(value, range) === null;
  return (
    <Field
      id={id}
      label={label}
      hint={hint}
      error={wrong ? `empty, or a whole number from ${range.min} on` : undefined}
    >
      <Input
        id={id}
        type="number"
        min={range.min}
        max={range.max}
        step={range.step}
        placeholder="no limit"
        value={value}
        aria-invalid={wrong}
        aria-describedby={describedBy(id)}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </Field>
  );
}
