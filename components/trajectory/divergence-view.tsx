/** `DivergenceView`: where a replay first differed from the recording, both texts side by side, the difference marked. */
import type { Divergence } from "@/lib/core/run";
import { TextBlock } from "./text-block";

export function DivergenceView({ divergence }: { divergence: Divergence }) {
  const same = commonStart(divergence.recorded, divergence.replayed);
  return (
    <div className="flex flex-col gap-2">
      <p className="text-sm text-ink-2">
        The environment answered differently at state {divergence.stepIndex} than when the expert acted
        {same > 0 ? `; the first ${same} characters are the same` : ""}. Nothing after it can be judged.
      </p>
      <div className="grid grid-cols-2 gap-3">
        <Side title="Recorded" text={divergence.recorded} same={same} />
        <Side title="Replayed" text={divergence.replayed} same={same} />
      </div>
    </div>
  );
}

function Side({ title, text, same }: { title: string; text: string; same: number }) {
  const rest = text.slice(same);
  return (
    <div className="min-w-0">
      <p className="mb-1 text-xs font-medium text-ink-2">{title}</p>
      <div className="rounded-sm border border-line bg-sunken p-2">
        {same > 0 ? (
          <TextBlock text={tail(text.slice(0, same))} className="font-mono text-xs text-ink-3" />
        ) : null}
        {rest === "" ? (
          <p className="text-xs text-ink-3">(ends here)</p>
        ) : (
          <TextBlock text={rest} className="bg-undecided-soft font-mono text-xs text-ink" />
        )}
      </div>
    </div>
  );
}

/** The end of a long common part is enough to find one's way. */
function tail(text: string): string {
  return text.length > 240 ? `…${text.slice(-240)}` : text;
}

/** How many characters two texts share from their beginning. */
export function commonStart(a: string, b: string): number {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i += 1;
  return i;
}
