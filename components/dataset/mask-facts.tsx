/** `MaskFacts`: what a whole dataset trains in one format and what it holds out, in figures, and what would be cut. */
import { datasetSplits, type DatasetSplit } from "@/lib/core/dataset-split";
import type { MaskCounts } from "@/lib/core/mask";
import type { Truncation } from "@/lib/core/ports";
import { Stat } from "@/components/ui/facts";
import { formatCount, formatPercent, plural } from "@/components/ui/numbers";
import { splitWords } from "./dataset-words";

type Props = {
  counts: Record<DatasetSplit, MaskCounts>;
  /** Examples of each split; a count looks at the first of many. */
  of: Record<DatasetSplit, number>;
  truncation: Truncation | null;
};

export function MaskFacts({ counts, of, truncation }: Props) {
  const shown = datasetSplits.filter((split) => of[split] > 0);
  return (
    <div className="flex flex-col gap-5">
      {shown.map((split) => (
        <section key={split} aria-label={split}>
          {shown.length > 1 ? (
            <h3 className="mb-2 text-sm font-medium">
              {splitWords[split].word}{" "}
              <span className="font-normal text-ink-3">{splitWords[split].meaning}</span>
            </h3>
          ) : null}
          <SplitFacts counts={counts[split]} of={of[split]} truncation={truncation} />
        </section>
      ))}
    </div>
  );
}

function SplitFacts(props: { counts: MaskCounts; of: number; truncation: Truncation | null }) {
  const { counts, of, truncation } = props;
  const tokens = counts.trainedTokens + counts.contextTokens;
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap gap-x-12 gap-y-4">
        <Stat
          name="Rows"
          value={formatCount(counts.rows)}
          note={`of ${plural(counts.examples, "example")}${counts.examples < of ? `, the first of ${formatCount(of)}` : ""}`}
        />
        <Stat
          name="Turns trained"
          value={formatCount(counts.trainedTurns)}
          note={`${formatCount(counts.contextTurns)} as context only`}
        />
        <Stat
          name="Tokens trained"
          value={`about ${formatCount(counts.trainedTokens)}`}
          note={
            tokens === 0 ? "of none" : `${formatPercent(counts.trainedTokens / tokens)} of all tokens read`
          }
        />
        <Stat
          name="Longest row"
          value={`about ${formatCount(counts.longestRow)}`}
          note="tokens, at 4 characters each"
        />
      </div>
      {truncation === null ? null : <Length counts={counts} truncation={truncation} />}
    </div>
  );
}

function Length({ counts, truncation }: { counts: MaskCounts; truncation: Truncation }) {
  const { tokens, does, setting } = truncation;
  const rule = `By default it ${does} at ${formatCount(tokens)} tokens (${setting}).`;
  if (counts.rowsOver === 0)
    return <p className="max-w-[90ch] text-sm text-ink-2">{rule} No row is that long.</p>;
  return (
    <p className="max-w-[90ch] rounded border border-undecided-line bg-undecided-soft px-3 py-2 text-sm">
      {rule} {plural(counts.rowsOver, "row")} {counts.rowsOver === 1 ? "is" : "are"} longer, which would lose{" "}
      {plural(counts.lostTurns, "trained turn")} of {formatCount(counts.trainedTurns)}. The configuration or
      command of the folder sets it high enough for the longest row; keep that setting.
    </p>
  );
}
