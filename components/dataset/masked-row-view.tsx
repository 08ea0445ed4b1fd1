/**
 * `MaskedRowView`: one row of an export as its trainer sees it. Trained text is full with a line beside it, context dimmed;
 * the token that ends a reply is shown, and what the trainer's default length would cut is struck at its side.
 */
import type { DatasetSplit } from "@/lib/core/dataset-split";
import type { MaskedPart, MaskedRow } from "@/lib/core/mask";
import { Badge } from "@/components/ui/badge";
import { cx } from "@/components/ui/class-names";
import { plural } from "@/components/ui/numbers";
import { TextBlock } from "@/components/trajectory/text-block";
import { splitWords } from "./dataset-words";

type Row = MaskedRow & { exampleIndex: number; split: DatasetSplit; subtaskKey: string };

export function MaskedRowView({ row, open }: { row: Row; open: boolean }) {
  const trained = row.parts.filter((part) => part.train).length;
  return (
    <details open={open} className="border-b border-line last:border-b-0">
      <summary className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1.5 text-sm hover:bg-hover">
        <span className="w-8 text-right text-ink-3">{row.exampleIndex + 1}</span>
        <span className="font-mono text-xs">{row.subtaskKey}</span>
        {row.split === "validation" ? <Badge title={splitWords.validation.meaning}>validation</Badge> : null}
        <span className="text-ink-2">
          {plural(trained, "turn")} trained of {plural(row.parts.length, "message")} · about{" "}
          {plural(row.tokens, "token")}
        </span>
        {row.lostTurns > 0 ? (
          <span className="font-medium text-danger">
            {plural(row.lostTurns, "trained turn")} cut off by default
          </span>
        ) : null}
      </summary>
      <ol className="flex flex-col gap-px bg-sunken px-4 py-2">
        {row.parts.map((part, i) => (
          <PartView key={i} part={part} />
        ))}
      </ol>
    </details>
  );
}

function PartView({ part }: { part: MaskedPart }) {
  const { role, text, train, stop, cut } = part;
  return (
    <li
      className={cx(
        "grid grid-cols-[128px_minmax(0,1fr)] gap-3 border-l-[3px] px-3 py-2",
        train ? "border-beneficial bg-surface text-ink" : "border-transparent text-ink-3",
      )}
    >
      <div className="flex flex-col items-start gap-1 text-xs">
        <span className={cx(train && "font-medium text-ink")}>{role}</span>
        <span>{train ? "trained" : "context"}</span>
        {cut ? <span className="font-medium text-danger">cut by default</span> : null}
      </div>
      <div className="min-w-0 text-sm">
        {text === "" ? <p className="text-xs">empty</p> : <TextBlock text={text} />}
        {stop === null ? null : (
          <p className="mt-1 text-xs">
            <span className="rounded-sm border border-line px-1 font-mono">end of turn</span>{" "}
            {stop ? "trained: the model learns to stop here" : "not trained"}
          </p>
        )}
      </div>
    </li>
  );
}
