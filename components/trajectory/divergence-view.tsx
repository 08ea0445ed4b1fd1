/** `DivergenceView`: where a replay first differed from the recording, both texts side by side, the differences marked. */
import type { Divergence } from "@/lib/core/run";
import { Pieces } from "./marked-text";
import { difference, type Piece } from "./text-difference";

export function DivergenceView({ divergence }: { divergence: Divergence }) {
  const { recorded, replayed } = difference(divergence.recorded, divergence.replayed);
  return (
    <div className="flex flex-col gap-2">
      <p className="text-sm text-ink-2">
        The environment answered differently at state {divergence.stepIndex} than when it was recorded.
        Nothing after it can be judged.
      </p>
      <div className="grid grid-cols-2 gap-3">
        <Side title="Recorded" pieces={recorded} />
        <Side title="Replayed" pieces={replayed} />
      </div>
    </div>
  );
}

function Side({ title, pieces }: { title: string; pieces: Piece[] }) {
  return (
    <section aria-label={title} className="min-w-0">
      <p className="mb-1 text-xs font-medium text-ink-2">{title}</p>
      <div
        // Scrolls when it is long, so the keyboard must reach it.
        tabIndex={0}
        dir="ltr"
        className="max-h-96 overflow-y-auto rounded-sm border border-line bg-sunken p-2 font-mono text-xs leading-[18px] break-words whitespace-pre-wrap [overflow-wrap:anywhere]"
      >
        {pieces.length === 0 ? <span className="text-ink-3">(nothing)</span> : null}
        <Pieces pieces={pieces} />
      </div>
    </section>
  );
}
