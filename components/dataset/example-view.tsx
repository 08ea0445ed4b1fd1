/** `ExampleView`: one example as it is trained: masked text dimmed, trained text full, message by message. */
import Link from "next/link";
import type { DatasetSplit } from "@/lib/core/dataset-split";
import type { Example, MaskedMessage } from "@/lib/core/example";
import { verdicts } from "@/lib/core/verdict";
import { Badge } from "@/components/ui/badge";
import { cx } from "@/components/ui/class-names";
import { plural } from "@/components/ui/numbers";
import { TextBlock } from "@/components/trajectory/text-block";
import { VerdictBadge } from "@/components/trajectory/verdict-badge";
import { kindWords, splitWords } from "./dataset-words";

type Props = { example: Example; index: number; split: DatasetSplit; open: boolean };

export function ExampleView({ example, index, split, open }: Props) {
  const { provenance, messages } = example;
  const trained = messages.filter((message) => message.train).length;
  return (
    <details open={open} className="group border-b border-line last:border-b-0">
      <summary className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1.5 text-sm hover:bg-hover">
        <span className="w-8 text-right text-ink-3">{index + 1}</span>
        <Badge title={kindWords[example.kind].meaning}>{kindWords[example.kind].word}</Badge>
        {split === "validation" ? (
          <Badge tone="accent" title={splitWords[split].meaning}>
            {splitWords[split].word}
          </Badge>
        ) : null}
        <span className="font-mono text-xs">{example.subtaskKey}</span>
        <span className="text-ink-2">
          {plural(trained, "turn")} trained of {plural(messages.length, "message")}
          {provenance.importantState === null ? "" : ` · solves state ${provenance.importantState}`}
        </span>
      </summary>
      <ol className="flex flex-col gap-px bg-sunken px-4 pt-2">
        {messages.map((message, i) => (
          <MessageView
            key={i}
            message={message}
            turn={provenance.turns.find((turn) => turn.messageIndex === i)}
          />
        ))}
      </ol>
      <p className="bg-sunken px-4 pt-1 pb-2 text-right text-xs text-ink-2">
        from{" "}
        <Link
          href={`/trajectories/${provenance.trajectoryId}${provenance.rollout ? `?run=${provenance.rollout.runId}` : ""}`}
          className="underline underline-offset-2 hover:text-ink"
        >
          trajectory {provenance.trajectoryId}
        </Link>
        {provenance.rollout
          ? ` and rollout ${provenance.rollout.attempt} from state ${provenance.rollout.stateIndex} of run ${provenance.rollout.runId}`
          : ""}
      </p>
    </details>
  );
}

type Turn = Example["provenance"]["turns"][number];

function MessageView({ message, turn }: { message: MaskedMessage; turn: Turn | undefined }) {
  const calls = message.toolCalls ?? [];
  return (
    <li
      className={cx(
        "grid grid-cols-[128px_minmax(0,1fr)] gap-3 border-l-[3px] px-3 py-2",
        message.train ? "border-beneficial bg-surface text-ink" : "border-transparent text-ink-3",
      )}
    >
      <div className="flex flex-col items-start gap-1 text-xs">
        <span className={cx(message.train && "font-medium text-ink")}>{message.role}</span>
        <span>{message.train ? "trained" : "masked"}</span>
        {turn ? <Origin turn={turn} /> : null}
      </div>
      <div className="min-w-0 text-sm">
        {message.content === null || message.content === "" ? null : <TextBlock text={message.content} />}
        {calls.map((call) => (
          <TextBlock key={call.id} text={`${call.name}(${call.arguments})`} className="font-mono text-xs" />
        ))}
      </div>
    </li>
  );
}

function Origin({ turn }: { turn: Turn }) {
  const verdict = verdicts.find((each) => each === turn.verdict);
  return (
    <>
      <span>
        {turn.source} step {turn.stepIndex}
      </span>
      {verdict ? <VerdictBadge verdict={verdict} recovery={false} /> : null}
      {turn.decision && turn.decision !== "pending" ? (
        <span>
          {turn.decision}
          {turn.reviewer ? ` by ${turn.reviewer}` : ""}
        </span>
      ) : null}
    </>
  );
}
