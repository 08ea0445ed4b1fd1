/** `NavLink`: one entry of the navigation; `current` underlines it and tells screen readers. */
import Link from "next/link";
import { cx } from "@/components/ui/class-names";

export function NavLink({ href, label, current }: { href: string; label: string; current: boolean }) {
  return (
    <Link
      href={href}
      aria-current={current ? "page" : undefined}
      className={cx(
        "-mb-px flex items-center border-b-2 text-sm whitespace-nowrap hover:text-ink",
        current ? "border-accent font-medium text-ink" : "border-transparent text-ink-2",
      )}
    >
      {label}
    </Link>
  );
}
