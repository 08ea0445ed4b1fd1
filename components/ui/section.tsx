/**
 * `Section`: a titled part of a page, bordered. title is an h2; `actions` stand at its right; children get 16 px of room.
 * `Panel`: the same border without title or padding, for tables and lists that bring their own.
 */
import { useId, type ReactNode } from "react";

export function Section(props: {
  title: string;
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="min-w-0 rounded border border-line bg-surface">
      <header className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-1.5">
        <h2 id={id} className="text-base font-semibold">
          {props.title}
        </h2>
        {props.note ? <p className="text-xs text-ink-3">{props.note}</p> : null}
        {props.actions ? <div className="ml-auto flex items-center gap-2">{props.actions}</div> : null}
      </header>
      <div className="p-4">{props.children}</div>
    </section>
  );
}

export function Panel({ children }: { children: ReactNode }) {
  return <div className="min-w-0 overflow-hidden rounded border border-line bg-surface">{children}</div>;
}
