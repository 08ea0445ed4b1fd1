/** `FilterChip`: one active filter, and the link that takes it off. Filters live in the URL, so taking one off is a link. */
import { X } from "lucide-react";
import Link from "next/link";

export function FilterChip({ name, value, without }: { name: string; value: string; without: string }) {
  return (
    <span className="inline-flex h-6 max-w-[32ch] items-center gap-1 rounded-sm border border-accent-line bg-accent-soft pl-2 text-xs text-ink">
      <span className="text-ink-2">{name}</span>
      <span className="truncate font-medium" title={value}>
        {value}
      </span>
      <Link
        href={without}
        aria-label={`Remove filter ${name} ${value}`}
        className="grid h-full w-5 place-items-center text-ink-2 hover:text-ink"
      >
        <X aria-hidden className="size-3" />
      </Link>
    </span>
  );
}
