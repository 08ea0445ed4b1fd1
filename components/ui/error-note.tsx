/**
 * `ErrorNote`: something went wrong, in place: what happened (`message`), what to do (`fix`), and a retry as `children`.
 * It announces itself to screen readers. For a whole failed page see app/error.tsx.
 */
import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";

export function ErrorNote(props: { message: ReactNode; fix?: ReactNode; children?: ReactNode }) {
  return (
    <div
      role="alert"
      className="flex items-start gap-2 rounded border border-danger-line bg-danger-soft px-3 py-2 text-sm"
    >
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
      <div className="min-w-0 flex-1 text-ink">
        <p className="break-words">{props.message}</p>
        {props.fix ? <p className="mt-0.5 break-words text-ink-2">{props.fix}</p> : null}
      </div>
      {props.children ? <div className="flex shrink-0 gap-2">{props.children}</div> : null}
    </div>
  );
}
