/**
 * `ChoiceGroup` with `Choice`s: pick exactly one of a few, each explained in a sentence. Native radio buttons: arrows move,
 * one tab stop. The label is the name, the hint the description.
 *   <ChoiceGroup legend="Preset"><Choice name="preset" value="paper" label="Paper" hint="…" checked onChange={…} /></ChoiceGroup>
 */
import { useId, type ComponentProps, type ReactNode } from "react";

export function ChoiceGroup({ legend, children }: { legend: string; children: ReactNode }) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-1">
      <legend className="mb-1 text-sm font-medium text-ink">{legend}</legend>
      {children}
    </fieldset>
  );
}

export function Choice(props: Omit<ComponentProps<"input">, "type"> & { label: ReactNode; hint: ReactNode }) {
  const { label, hint, ...rest } = props;
  const id = useId();
  return (
    <label className="flex cursor-pointer items-start gap-2 rounded border border-line px-3 py-2 text-sm text-ink hover:bg-hover has-checked:border-accent-line has-checked:bg-accent-soft">
      <input
        type="radio"
        aria-labelledby={`${id}-label`}
        aria-describedby={`${id}-hint`}
        className="mt-[3px] size-3.5 shrink-0"
        {...rest}
      />
      <span className="min-w-0">
        <span id={`${id}-label`} className="font-medium">
          {label}
        </span>
        <span id={`${id}-hint`} className="block text-xs text-ink-2">
          {hint}
        </span>
      </span>
    </label>
  );
}
