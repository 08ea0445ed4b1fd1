/** `VerdictBadge`: what mining says of an action: icon, word and colour together. Null reads "not mined". */
import type { Verdict } from "@/lib/core/verdict";
import { cx } from "@/components/ui/class-names";
import { verdictLook } from "./verdict-look";

export function VerdictBadge({ verdict, recovery }: { verdict: Verdict | null; recovery: boolean }) {
  if (verdict === null) return <span className="text-xs text-ink-3">not mined</span>;
  const look = verdictLook(verdict, recovery);
  const Icon = look.icon;
  return (
    <span
      title={`${look.word}: ${look.meaning}`}
      className={cx(
        "inline-flex h-5 items-center gap-1 rounded-sm border px-1.5 text-xs font-medium whitespace-nowrap",
        look.text,
        look.soft,
        look.line,
      )}
    >
      <Icon aria-hidden className="size-3" strokeWidth={2.5} />
      {look.word}
    </span>
  );
}
