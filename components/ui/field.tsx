/**
 * Form parts. `Field` labels exactly one control and carries its hint and error; the control is
 * `Input`, `Textarea`, `Select` (native, takes <option>s; className = width) or anything else with the given id.
 *   <Field id="name" label="Name" hint="Shown in lists"><Input id="name" name="name" /></Field>
 * `Checkbox` brings its own label. Give the control `aria-describedby={describedBy(id)}` where a hint or error matters.
 */
import { ChevronDown } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { cx } from "./class-names";

const control = cx(
  "w-full rounded border border-line-control bg-surface px-2 text-sm text-ink placeholder:text-ink-3",
  "disabled:opacity-45 aria-invalid:border-danger",
);

/** Ids of the hint and error that a `Field` with this id renders. */
export function describedBy(id: string): string {
  return `${id}-hint ${id}-error`;
}

export function Field(props: {
  id: string;
  label: string;
  hint?: ReactNode;
  error?: ReactNode;
  children: ReactNode;
}) {
  const { id, label, hint, error, children } = props;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium text-ink">
        {label}
      </label>
      {children}
      {hint ? (
        <p id={`${id}-hint`} className="text-xs text-ink-3">
          {hint}
        </p>
      ) : null}
      {error ? (
        <p id={`${id}-error`} role="alert" className="text-xs font-medium text-danger">
          {error}
        </p>
      ) : null}
    </div>
  );
}

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input className={cx(control, "h-8", className)} {...rest} />;
}

export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea className={cx(control, "min-h-16 py-1.5", className)} {...rest} />;
}

/** `className` sets the width; the arrow is drawn, so that it looks the same everywhere. */
export function Select({ className, ...rest }: ComponentProps<"select">) {
  return (
    <span className={cx("relative inline-flex min-w-0", className ?? "w-full")}>
      <select className={cx(control, "h-8 appearance-none truncate pr-7")} {...rest} />
      <ChevronDown aria-hidden className="pointer-events-none absolute top-2 right-2 size-4 text-ink-3" />
    </span>
  );
}

export function Checkbox({
  label,
  hint,
  ...rest
}: ComponentProps<"input"> & { label: ReactNode; hint?: ReactNode }) {
  return (
    <label className="flex items-start gap-2 text-sm text-ink">
      <input type="checkbox" className="mt-[3px] size-3.5 shrink-0" {...rest} />
      <span>
        {label}
        {hint ? <span className="block text-xs text-ink-3">{hint}</span> : null}
      </span>
    </label>
  );
}
