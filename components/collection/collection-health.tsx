/** `CollectionHealth`: is the collection healthy? Broken episodes by reason, with what to do; `actions` retries them. */
import type { ReactNode } from "react";
import { CircleCheck } from "lucide-react";
import type { CollectionProgress } from "@/lib/core/rows";
import { fixFor } from "@/components/run/error-fixes";
import { ErrorNote } from "@/components/ui/error-note";
import { plural } from "@/components/ui/numbers";
import { Section } from "@/components/ui/section";

export type CollectionFault = { code: string; message: string; episodes: number; subtaskKey: string };
type Props = {
  progress: Pick<CollectionProgress, "episodes">;
  errors: CollectionFault[];
  /** Why it was stopped; null unless it was. */
  error: string | null;
  actions: ReactNode;
};

export function CollectionHealth({ progress, errors, error, actions }: Props) {
  const { errored, completed } = progress.episodes;
  return (
    <Section title="Is it healthy?" actions={errored > 0 && error === null ? actions : null}>
      <div className="flex flex-col gap-3">
        {error === null ? null : (
          <ErrorNote message={`Stopped: ${error}`} fix="Put it right, then go on: what was recorded stays.">
            {actions}
          </ErrorNote>
        )}
        {errored > 0 ? (
          <p className="max-w-[90ch] text-sm text-ink-2">
            {plural(errored, "episode")} broke. A broken episode is no trajectory and counts neither as solved
            nor as failed.
          </p>
        ) : error !== null ? null : (
          <p className="flex items-center gap-2 text-sm">
            <CircleCheck aria-hidden className="size-4 text-beneficial" />
            {completed === 0 ? "No episode has broken so far." : "No episode broke."}
          </p>
        )}
        {errors.length > 0 ? (
          <ul className="flex flex-col gap-2">
            {errors.map((fault) => (
              <li
                key={`${fault.code} ${fault.message}`}
                className="rounded border border-danger-line bg-danger-soft px-3 py-2 text-sm"
              >
                <p className="break-words">
                  <span className="font-medium">
                    {plural(fault.episodes, "episode")}: {fault.code.replaceAll("_", " ")}.
                  </span>{" "}
                  <span className="line-clamp-3 [overflow-wrap:anywhere]">{fault.message}</span>
                </p>
                <p className="mt-1 text-ink-2">
                  {fixFor(fault.code)} One of them:{" "}
                  <span className="font-mono text-xs">{fault.subtaskKey}</span>
                </p>
              </li>
            ))}
          </ul>
        ) : null}
      </div>
    </Section>
  );
}
