/** `PassageLine`: where a trajectory says the words that were looked for, and the way there. The words are marked. */
import Link from "next/link";
import type { FoundPassage } from "@/lib/core/words";
import { VisibleText } from "./text-block";

export function PassageLine({ passage, href }: { passage: FoundPassage; href: string }) {
  const { stepIndex, where, pieces } = passage;
  return (
    <Link
      href={`${href}#step-${stepIndex}`}
      prefetch={false}
      className="block truncate text-xs text-ink-3 hover:text-ink hover:underline"
    >
      <span className="font-medium tabular-nums">
        step {stepIndex} {where}
      </span>{" "}
      <bdi className="font-mono">
        {pieces.map((piece, i) =>
          i % 2 === 0 ? (
            <VisibleText key={i} text={piece} />
          ) : (
            <mark key={i} className="rounded-sm bg-undecided-soft text-ink outline-1 outline-undecided-line">
              <VisibleText text={piece} />
            </mark>
          ),
        )}
      </bdi>
    </Link>
  );
}
