/** `Fidelity`: how an environment's trajectories stand to replaying; each number leads to them. */
import Link from "next/link";
import type { Fidelity as Counts } from "@/lib/core/rows";
import { replayStates } from "@/lib/core/run";
import { ReplayBadge } from "@/components/trajectory/replay-badge";
import { formatCount } from "@/components/ui/numbers";
import { ProgressBar } from "@/components/ui/progress-bar";

type Props = { environmentId: number; fidelity: Counts; normalizer: string | null };

export function Fidelity({ environmentId, fidelity, normalizer }: Props) {
  const total = Object.values(fidelity).reduce((sum, count) => sum + count, 0);
  const compared = fidelity.verified + fidelity.diverged;
  if (total === 0) return <p className="text-sm text-ink-2">It has no trajectories yet.</p>;
  return (
    <div className="flex flex-col gap-3 text-sm">
      <p className="text-lg font-semibold">
        {compared === 0
          ? "Nothing has been replayed yet"
          : `${formatCount(fidelity.verified)} of ${formatCount(compared)} replayed trajectories came again exactly`}
      </p>
      <ProgressBar
        label="Replays"
        total={total}
        parts={[
          { count: fidelity.verified, tone: "good", word: "verified" },
          { count: fidelity.diverged, tone: "accent", word: "diverged" },
          { count: fidelity.not_replayable, tone: "neutral", word: "not replayable" },
        ]}
      />
      <ul className="flex flex-wrap items-center gap-x-5 gap-y-1">
        {replayStates.map((state) => (
          <li key={state}>
            <Link
              href={`/trajectories?source=any&outcome=any&environment=${environmentId}&replay=${state}`}
              className="inline-flex items-center gap-2 hover:underline"
            >
              <ReplayBadge state={state} /> {formatCount(fidelity[state])}
            </Link>
          </li>
        ))}
      </ul>
      {normalizer === null ? null : (
        <p className="text-xs text-ink-2">
          Observations are compared text for text, except that {normalizer}; rewards to 0.005.
        </p>
      )}
    </div>
  );
}
