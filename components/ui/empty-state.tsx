/** `EmptyState`: nothing here yet, why, and what to do next (`children`: one or two Buttons or ButtonLinks). */
import type { ReactNode } from "react";

export function EmptyState(props: { title: string; text: ReactNode; children?: ReactNode }) {
  return (
    <div className="flex flex-col items-start gap-3 rounded border border-dashed border-line-strong px-6 py-8">
      <div className="max-w-[64ch]">
        <p className="text-lg font-semibold text-ink">{props.title}</p>
        <p className="mt-1 text-base text-ink-2">{props.text}</p>
      </div>
      {props.children ? <div className="flex flex-wrap gap-2">{props.children}</div> : null}
    </div>
  );
}
