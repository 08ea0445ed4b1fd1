/** `RunConditionNote`: what holds a run up or ended it early, why, and what to do; `children` do it. */
import { Hourglass } from "lucide-react";
import type { ReactNode } from "react";
import type { RunCondition } from "@/lib/core/run-condition";
import { ErrorNote } from "@/components/ui/error-note";

const titles: Record<RunCondition["kind"], string> = {
  waiting: "Waiting for the model server: ",
  failed: "Stopped: ",
  budget: "",
  broken: "",
};

export function RunConditionNote({ condition, children }: { condition: RunCondition; children?: ReactNode }) {
  const { kind, reason, fix } = condition;
  const message =
    titles[kind] + (titles[kind] === "" ? reason.charAt(0).toUpperCase() + reason.slice(1) : reason);
  if (kind !== "budget")
    return (
      <ErrorNote message={message} fix={fix}>
        {children}
      </ErrorNote>
    );
  return (
    <p
      role="status"
      className="flex items-start gap-2 rounded border border-undecided-line bg-undecided-soft px-3 py-2 text-sm"
    >
      <Hourglass aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span>
        {message} <span className="text-ink-2">{fix}</span>
      </span>
    </p>
  );
}
