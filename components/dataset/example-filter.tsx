/** `ExampleFilter`: links to the examples of one split or kind, with how many there are. */
import Link from "next/link";
import type { ReactNode } from "react";
import type { DatasetCard } from "@/lib/core/dataset";
import { datasetSplits, type DatasetSplit } from "@/lib/core/dataset-split";
import { exampleKinds, type Example } from "@/lib/core/example";
import type { DatasetRow } from "@/lib/core/rows";
import { cx } from "@/components/ui/class-names";
import { formatCount } from "@/components/ui/numbers";
import { kindWords, splitWords } from "./dataset-words";

type Kind = Example["kind"];
type Props = {
  dataset: DatasetRow;
  card: DatasetCard;
  split: DatasetSplit | null;
  kind: Kind | null;
  address: (change: { split?: DatasetSplit | null; kind?: Kind | null }) => string;
};

export function ExampleFilter({ dataset, card, split, kind, address }: Props) {
  const { exampleCount, validationCount } = dataset;
  const inSplit = { train: exampleCount - validationCount, validation: validationCount };
  const kinds = exampleKinds.filter((each) => card.examples[each] > 0);
  return (
    <nav aria-label="Which examples" className="ml-auto flex flex-wrap gap-x-3 gap-y-1 text-xs">
      <Part href={address({ split: null, kind: null })} on={split === null && kind === null}>
        all {formatCount(exampleCount)}
      </Part>
      {validationCount > 0
        ? datasetSplits.map((each) => (
            <Part key={each} href={address({ split: each === split ? null : each })} on={each === split}>
              {splitWords[each].word} {formatCount(inSplit[each])}
            </Part>
          ))
        : null}
      {kinds.length > 1
        ? kinds.map((each) => (
            <Part key={each} href={address({ kind: each === kind ? null : each })} on={each === kind}>
              {kindWords[each].word} {formatCount(card.examples[each])}
            </Part>
          ))
        : null}
    </nav>
  );
}

function Part({ href, on, children }: { href: string; on: boolean; children: ReactNode }) {
  return (
    <Link
      href={href}
      aria-current={on ? "true" : undefined}
      className={cx(
        "tabular-nums hover:text-ink",
        on ? "font-medium text-ink underline underline-offset-4" : "text-ink-2",
      )}
    >
      {children}
    </Link>
  );
}
