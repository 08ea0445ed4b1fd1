/**
 * `TrajectoryRow`: one trajectory in a dense table: subtask, instruction, model, reward, steps, verdict mix, review, replay.
 * `current` is where the keyboard stands, `chosen` whether its box is ticked, `passage` where it says the words looked for.
 */
import Link from "next/link";
import type { VerdictSummary } from "@/lib/core/review";
import type { TrajectoryListRow } from "@/lib/core/rows";
import type { FoundPassage } from "@/lib/core/words";
import { Badge } from "@/components/ui/badge";
import { cx } from "@/components/ui/class-names";
import { formatReward } from "@/components/ui/numbers";
import { Td, Tr } from "@/components/ui/table";
import { DecisionDot } from "./decision-mark";
import { PassageLine } from "./passage-line";
import { ReplayIcon } from "./replay-badge";
import { VisibleText } from "./text-block";
import { VerdictMix } from "./verdict-mix";
import { clampText } from "./visible-text";

export function TrajectoryRow(props: {
  row: TrajectoryListRow;
  passage: FoundPassage | null;
  href: string;
  current: boolean;
  chosen: boolean;
  onChoose: () => void;
}) {
  const { row, passage, href, current, chosen, onChoose } = props;
  return (
    <Tr
      id={`row-${row.trajectoryId}`}
      aria-selected={chosen}
      className={cx("scroll-m-12", current && "outline-2 -outline-offset-2 outline-accent")}
    >
      <Td>
        <input
          type="checkbox"
          aria-label={`Select ${row.subtaskKey}`}
          checked={chosen}
          onChange={onChoose}
          className="block size-3.5"
        />
      </Td>
      <Td className="whitespace-nowrap">
        <Link href={href} prefetch={false} className="font-medium text-ink hover:underline">
          <span className="inline-block max-w-[22ch] truncate align-bottom">{row.subtaskKey}</span>
        </Link>
        <span className="ml-2 text-xs text-ink-3">{row.environment}</span>
      </Td>
      <Td truncate className="text-ink-2">
        <VisibleText text={clampText(row.instruction, 240)} />
        {passage ? <PassageLine passage={passage} href={href} /> : null}
      </Td>
      <Td className="whitespace-nowrap text-ink-2">
        {row.source === "agent" ? "agent " : ""}
        {row.model ?? "–"}
      </Td>
      <Td align="end">{formatReward(row.reward)}</Td>
      <Td align="end">{row.stepCount}</Td>
      <Td>
        {row.mined ? (
          <span className="flex items-center gap-1.5">
            <VerdictMix mix={row.mined} />
            {row.mined.stale ? (
              <Badge tone="warn" title="Verdicts of an older checkpoint than its campaign’s newest">
                stale
              </Badge>
            ) : null}
          </span>
        ) : (
          <span className="text-xs text-ink-3">not mined</span>
        )}
      </Td>
      <Td className="whitespace-nowrap">
        <ReviewProgress mined={row.mined} />
      </Td>
      <Td>
        <ReplayIcon state={row.replay} />
      </Td>
    </Tr>
  );
}

function ReviewProgress({ mined }: { mined: VerdictSummary | null }) {
  if (!mined || mined.review === "none") return <span className="text-ink-3">–</span>;
  return (
    <span className="inline-flex items-center gap-1.5 align-middle">
      <DecisionDot state={mined.review === "complete" ? "approved" : "pending"} className="scale-90" />
      <span className={mined.review === "complete" ? "text-ink" : "text-ink-2"}>
        {mined.reviewed}/{mined.toReview}
      </span>
      <span className="sr-only">reviewed</span>
    </span>
  );
}
