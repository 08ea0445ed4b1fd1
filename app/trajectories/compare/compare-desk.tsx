"use client";
import { ArrowLeftRight } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useId, useState } from "react";
import type { AttemptRow } from "@/lib/core/trajectory-store";
import { AlignedSteps, type Side } from "@/components/trajectory/aligned-steps";
import { VisibleText } from "@/components/trajectory/text-block";
import { UnreadSteps } from "@/components/trajectory/unread-steps";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/field";
import { formatReward, plural } from "@/components/ui/numbers";
import { anywhere } from "@/components/ui/virtual-list";
import { useStepTexts } from "../[trajectoryId]/use-step-texts";

type Compared = AttemptRow & { subtaskKey: string; instruction: string; finalObservation: string | null };

const compareHref = (a: number, b: number) => `/trajectories/compare?a=${a}&b=${b}`;

/** Two trajectories of a subtask from the first step that differs on, or from their beginning. */
export function CompareDesk(props: {
  one: Compared;
  other: Compared;
  attempts: AttemptRow[];
  differsAt: number;
}) {
  const { one, other, attempts, differsAt } = props;
  const [whole, setWhole] = useState(false);
  const from = whole ? 0 : differsAt;
  const [sight, setSight] = useState({ from, to: from + 1 });
  const left = useSide("First", one, from, sight);
  const right = useSide("Second", other, from, sight);
  const failure = left.failure ?? right.failure;
  return (
    <div className="-mx-6 -mb-16 flex h-[calc(100dvh-48px)] min-h-[520px] flex-col">
      <Head one={one} other={other} attempts={attempts} />
      <div className="flex min-h-10 flex-wrap items-center gap-3 border-b border-line px-6 py-1 text-sm text-ink-2">
        <p>{partingWords(differsAt, one, other)}</p>
        {differsAt > 0 ? (
          <Button size="sm" aria-pressed={whole} onClick={() => setWhole(!whole)}>
            {whole ? "Only from there" : "From the beginning"}
          </Button>
        ) : null}
      </div>
      <UnreadSteps failure={failure} />
      <div className="flex min-h-0 flex-1 pl-4">
        <AlignedSteps
          key={from}
          sides={[left.side, right.side]}
          thoughts
          current={-1}
          reveal={anywhere}
          revealAgain={null}
          onSight={(first, to) => setSight({ from: from + first, to: from + to })}
        />
      </div>
    </div>
  );
}

function Head({ one, other, attempts }: { one: Compared; other: Compared; attempts: AttemptRow[] }) {
  const router = useRouter();
  const show = (a: number, b: number) => router.push(compareHref(a, b));
  return (
    <header className="flex flex-col gap-1.5 border-b border-line bg-surface px-6 py-2.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
        <Link
          href={`/trajectories/${one.trajectoryId}`}
          className="max-w-[28ch] truncate text-ink-3 hover:text-ink hover:underline"
        >
          {one.subtaskKey}
        </Link>
        <span aria-hidden className="text-ink-3">
          /
        </span>
        <span className="font-medium text-ink">Compare</span>
        <Picker
          label="First"
          attempts={attempts}
          chosen={one}
          onChoose={(id) => show(id, other.trajectoryId)}
        />
        <Button
          size="sm"
          variant="quiet"
          aria-label="Swap the two"
          title="Swap the two"
          onClick={() => show(other.trajectoryId, one.trajectoryId)}
        >
          <ArrowLeftRight aria-hidden />
        </Button>
        <Picker
          label="Second"
          attempts={attempts}
          chosen={other}
          onChoose={(id) => show(one.trajectoryId, id)}
        />
      </div>
      <h1
        // Scrolls when it is long, so the keyboard must reach it.
        tabIndex={0}
        className="max-h-[72px] overflow-y-auto text-lg font-medium text-ink [overflow-wrap:anywhere]"
      >
        <VisibleText text={one.instruction} />
      </h1>
    </header>
  );
}

function Picker(props: {
  label: string;
  attempts: AttemptRow[];
  chosen: AttemptRow;
  onChoose: (trajectoryId: number) => void;
}) {
  const { label, attempts, chosen, onChoose } = props;
  const id = useId();
  // The newest are offered; one that an address names may be older.
  const known = attempts.some(({ trajectoryId }) => trajectoryId === chosen.trajectoryId);
  return (
    <span className="flex items-center gap-1.5">
      <label htmlFor={id} className="text-xs text-ink-3">
        {label}
      </label>
      <Select
        id={id}
        className="w-72"
        value={chosen.trajectoryId}
        onChange={(event) => onChoose(Number(event.target.value))}
      >
        {(known ? attempts : [chosen, ...attempts]).map((attempt) => (
          <option key={attempt.trajectoryId} value={attempt.trajectoryId}>
            {`${attempt.trajectoryId} · ${aboutWords(attempt)}`}
          </option>
        ))}
      </Select>
    </span>
  );
}

function useSide(name: string, trajectory: Compared, from: number, sight: { from: number; to: number }) {
  const { trajectoryId, stepCount, finalObservation } = trajectory;
  const within = { from: Math.min(sight.from, stepCount), to: Math.min(sight.to, stepCount) };
  const { texts, failure, retry } = useStepTexts(trajectoryId, [], within, stepCount);
  const side: Side = {
    name,
    about: (
      <Link
        href={`/trajectories/${trajectoryId}#step-${Math.min(from, stepCount - 1)}`}
        className="underline"
      >
        {aboutWords(trajectory)}
      </Link>
    ),
    from,
    count: Math.max(0, stepCount - from),
    step: (row) => texts.get(from + row),
    head: () => null,
    ending: finalObservation,
  };
  return { side, failure: failure === null ? null : { message: failure, retry } };
}

function aboutWords({ source, model, success, reward, stepCount }: AttemptRow): string {
  const outcome = success === null ? "outcome unknown" : success ? "solved" : "failed";
  const who = model === null ? source : `${source} ${model}`;
  return `${who} · ${outcome} · reward ${formatReward(reward)} · ${plural(stepCount, "step")}`;
}

function partingWords(differsAt: number, one: AttemptRow, other: AttemptRow): string {
  const shorter = Math.min(one.stepCount, other.stepCount);
  if (one.trajectoryId === other.trajectoryId) return "This is one and the same trajectory.";
  if (differsAt >= shorter) return `In ${plural(shorter, "step")} nothing that was seen or done differs.`;
  if (differsAt === 0) return "They differ from the first step on, in what was seen or done.";
  return `Alike in what was seen and done for ${plural(differsAt, "step")}; step ${differsAt} differs.`;
}
