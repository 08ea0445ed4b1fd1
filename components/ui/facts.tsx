/**
 * `Facts`: name–value pairs in one quiet line (`Fact` each). `Stat`: one number with its name, for overviews; always give
 * `of` or `note` when the number is a rate.
 */
import type { ReactNode } from "react";

export function Facts({ children }: { children: ReactNode }) {
  return <dl className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex items-baseline gap-1.5">
      <dt className="text-ink-3">{name}</dt>
      <dd className="text-ink">{children}</dd>
    </div>
  );
}

export function Stat(props: { name: string; value: ReactNode; note?: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col">
      <span className="text-xs text-ink-3">{props.name}</span>
      <span className="text-xl font-semibold tracking-[-0.01em] text-ink">{props.value}</span>
      {props.note ? <span className="text-xs text-ink-2">{props.note}</span> : null}
    </div>
  );
}
