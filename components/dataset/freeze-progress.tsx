/** `FreezeProgressView`: how far freezing a dataset is, and the button that stops it; nothing while none is frozen. */
import type { FreezeProgress } from "@/lib/core/dataset-freeze";
import { Button } from "@/components/ui/button";
import { formatCount } from "@/components/ui/numbers";
import { ProgressBar } from "@/components/ui/progress-bar";

export function FreezeProgressView({
  progress,
  onStop,
}: {
  progress: FreezeProgress | null;
  onStop: () => void;
}) {
  if (!progress) return null;
  const { trajectories, of } = progress;
  const checking = trajectories >= of;
  return (
    <div className="flex flex-col gap-2">
      <ProgressBar
        label="Trajectories looked at"
        total={of}
        parts={[{ count: trajectories, tone: "accent", word: "looked at" }]}
      />
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="text-xs tabular-nums text-ink-2">
          {checking
            ? "Checking that nothing changed meanwhile…"
            : `${formatCount(trajectories)} of ${formatCount(of)} trajectories`}
        </p>
        <Button type="button" size="sm" variant="quiet" onClick={onStop}>
          Stop
        </Button>
      </div>
    </div>
  );
}
