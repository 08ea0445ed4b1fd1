/** `NumberField`: a labelled number typed as text, with what is wrong below it. `numberIn` reads it; null means it is wrong. */
import type { ReactNode } from "react";
import { describedBy, Field, Input } from "./field";

/** The number a text means, when it lies within the bounds; whole numbers only unless `step` is below 1. */
export function numberIn(text: string, range: { min: number; max: number; step: number }): number | null {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < range.min || value > range.max) return null;
  return range.step < 1 || Number.isInteger(value) ? value : null;
}

type Props = {
  id: string;
  label: string;
  hint: ReactNode;
  range: { min: number; max: number; step: number };
  value: string;
  onChange: (value: string) => void;
};

export function NumberField({ id, label, hint, range, value, onChange }: Props) {
  const wrong = numberIn(value, range) === null;
  const kind = range.step < 1 ? "number" : "whole number";
  return (
    <Field
      id={id}
      label={label}
      hint={hint}
      error={wrong ? `a ${kind} from ${range.min} to ${range.max.toLocaleString("en")}` : undefined}
    >
      <Input
        id={id}
        type="number"
        min={range.min}
        max={range.max}
        step={range.step}
        value={value}
        aria-invalid={wrong}
        aria-describedby={describedBy(id)}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </Field>
  );
}
