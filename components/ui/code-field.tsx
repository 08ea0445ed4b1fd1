/** `CodeField`: a labelled text that a program reads, such as an address (`type="url"`) or the name of a model. */
import type { ComponentProps, ReactNode } from "react";
import { describedBy, Field, Input } from "./field";

type Passed = Pick<ComponentProps<"input">, "type" | "required" | "maxLength" | "disabled">;

type Props = Passed & {
  id: string;
  label: string;
  hint?: ReactNode;
  value: string;
  onChange: (value: string) => void;
};

export function CodeField({ id, label, hint, onChange, ...passed }: Props) {
  return (
    <Field id={id} label={label} hint={hint}>
      <Input
        {...passed}
        id={id}
        spellCheck={false}
        className="font-mono"
        aria-describedby={describedBy(id)}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </Field>
  );
}
