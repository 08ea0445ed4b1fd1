/** `DraftView`: a trajectory as it was understood, before it is stored: what was asked, its outcome, its first steps. */
import type { TrajectoryDraft } from "@/lib/core/trajectory";
import { Badge } from "@/components/ui/badge";
import { formatReward, plural } from "@/components/ui/numbers";
import { VisibleText } from "@/components/trajectory/text-block";

const STEPS = 3;
const LONGEST = 320;
const short = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

export function DraftView({ draft }: { draft: TrajectoryDraft }) {
  const { steps } = draft;
  return (
    <article className="flex min-w-0 flex-col gap-2 rounded border border-line p-3">
      <header className="flex flex-wrap items-center gap-2 text-xs text-ink-2">
        <Outcome success={draft.success} />
        <span>reward {formatReward(draft.reward)}</span>
        <span>{plural(steps.length, "step")}</span>
        <span>
          {draft.source}
          {draft.model ? ` ${draft.model}` : ""}
        </span>
        <span className="font-mono [overflow-wrap:anywhere]">
          {draft.environment} / {draft.subtaskKey}
        </span>
      </header>
      <p className="line-clamp-3 text-sm font-medium [overflow-wrap:anywhere]">
        <VisibleText text={short(draft.instruction)} />
      </p>
      <ol className="flex flex-col gap-1.5">
        {steps.slice(0, STEPS).map((step, i) => (
          <li key={i} className="grid grid-cols-[2ch_minmax(0,1fr)] gap-2 text-xs">
            <span className="text-right text-ink-3">{i}</span>
            <div className="flex min-w-0 flex-col gap-0.5">
              <span className="line-clamp-2 font-mono text-ink-3 [overflow-wrap:anywhere]">
                <VisibleText text={short(step.observation)} />
              </span>
              {step.thought === null ? null : (
                <span className="line-clamp-2 text-ink-2 italic [overflow-wrap:anywhere]">
                  <VisibleText text={short(step.thought)} />
                </span>
              )}
              <span className="line-clamp-4 font-mono font-medium whitespace-pre-wrap text-ink [overflow-wrap:anywhere]">
                <VisibleText text={short(step.action)} />
              </span>
            </div>
          </li>
        ))}
      </ol>
      {steps.length > STEPS ? (
        <p className="text-xs text-ink-3">and {plural(steps.length - STEPS, "more step", "more steps")}</p>
      ) : null}
    </article>
  );
}

function Outcome({ success }: { success: boolean | null }) {
  if (success === null) return <Badge>outcome unknown</Badge>;
  return success ? <Badge tone="good">solved</Badge> : <Badge tone="bad">failed</Badge>;
}
