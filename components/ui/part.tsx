/** `Part`: a titled part inside a panel, ruled off, without a box of its own. title is an h2. */
import { useId, type ReactNode } from "react";

export function Part(props: { title: string; note?: ReactNode; actions?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="min-w-0">
      <header className="mb-1 flex min-h-6 items-center gap-2 border-b border-line pb-1">
        <h2 id={id} className="text-sm font-medium text-ink">
          {props.title}
        </h2>
        {props.note ? <span className="text-xs text-ink-3">{props.note}</span> : null}
        {props.actions ? <div className="ml-auto flex gap-1">{props.actions}</div> : null}
      </header>
      {props.children}
    </section>
  );
}
