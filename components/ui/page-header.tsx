/**
 * `PageHeader`: the top of every page. title (the only h1), `meta` (facts in one quiet line), `action` (one main action,
 * a primary Button or ButtonLink), `back` (where this page hangs: { href, label }).
 */
import Link from "next/link";
import type { ReactNode } from "react";

export function PageHeader(props: {
  title: ReactNode;
  meta?: ReactNode;
  action?: ReactNode;
  back?: { href: string; label: string };
}) {
  const { title, meta, action, back } = props;
  return (
    <header className="flex flex-wrap items-end gap-x-4 gap-y-2 pt-6 pb-4">
      <div className="min-w-0 flex-1">
        {back ? (
          <Link href={back.href} className="text-xs text-ink-3 hover:text-ink hover:underline">
            {back.label} /
          </Link>
        ) : null}
        <h1 className="text-xl font-semibold tracking-[-0.01em] text-ink">{title}</h1>
        {meta ? <div className="mt-0.5 text-sm text-ink-2">{meta}</div> : null}
      </div>
      {action ? <div className="flex items-center gap-2">{action}</div> : null}
    </header>
  );
}
