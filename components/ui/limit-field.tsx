/** `LimitField`: a number that may be left empty, which means no limit. `limitIn` reads it. */
import type { ReactNode } from "react";
import { describedBy, Field, Input } from "./field";
import { numberIn } from "./number-field";

type Range = { min: number; max: number; step: number };

/** The limit a text means; undefined while it is neither empty nor a number within the bounds. */
export function limitIn(text: string, range: Range): number | null | undefined {
  return text.trim() === "" ? null : (numberIn(text, range) ?? undefined);
}

type Props = {
  id: string;
  label: string;
  hint: ReactNode;
  /** Whole numbers only unless `step` is below 1. */
  range: Range;
  value: string;
  /** What an empty field means. */
  placeholder?: string;
  disabled?: boolean;
  onChange: (value: string) => void;
};

export function LimitField({ id, label, hint, range, value, placeholder, disabled, onChange }: Props) {
  const wrong = limitIn(value, range) === undefined;
  const kind = range.step < 1 ? "number" : "whole number";
  return (
    <Field
      id={id}
      label={label}
      hint={hint}
      error={wrong ? `empty, or a ${kind} from ${range.min} on` : undefined}
    >
      <Input
        id={id}
        type="number"
        min={range.min}
        max={range.max}
        step={range.step < 1 ? "any" : range.step}
        placeholder={placeholder ?? "no limit"}
        value={value}
        disabled={disabled}
        aria-invalid={wrong}
        aria-describedby={describedBy(id)}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </Field>
  );
}
