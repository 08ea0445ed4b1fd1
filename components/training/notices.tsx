/** `Notices`: what holds from which day on, before a provider is chosen. */
import type { TrainerNotice } from "@/lib/core/trainer";

export function Notices({ notices }: { notices: TrainerNotice[] }) {
  if (notices.length === 0) return null;
  return (
    <div className="rounded border border-undecided-line bg-undecided-soft px-3 py-2 text-sm text-ink">
      <p className="font-medium">
        OpenAI itself is ending fine-tuning; other services that speak its API are not.
      </p>
      <dl className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5 text-xs">
        {notices.map(({ from, says }) => (
          <div key={from} className="contents">
            <dt className="tabular-nums whitespace-nowrap text-ink-2">
              from <time dateTime={from}>{from}</time>
            </dt>
            <dd>{says}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
