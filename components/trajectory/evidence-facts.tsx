/** `EvidenceFacts`: the selected action's verdict, the honest sentence, both tallies with intervals, P against α, and who acted. */
import type { StepRow, TallyRow } from "@/lib/core/review-rows";
import { formatPercent, formatProbability, formatRatio, formatTokens, plural } from "@/components/ui/numbers";
import { DecisionMark } from "./decision-mark";
import { EvidenceScale } from "./evidence-bar";
import { VerdictBadge } from "./verdict-badge";

export function EvidenceFacts(props: {
  step: StepRow;
  checkpoint: string;
  alpha: number;
  /** What finding this out took. */
  cost: { rollouts: number; steps: number; tokens: number };
}) {
  const { step, checkpoint, alpha, cost } = props;
  const { segment } = step;
  return (
    <section aria-label={`Evidence for step ${step.stepIndex}`} className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="text-base font-semibold text-ink">Step {step.stepIndex}</h2>
        <VerdictBadge verdict={step.verdict} recovery={step.recovery} />
        <DecisionMark decision={step.decision} />
        <Together segment={segment} />
      </div>
      <p className="text-base text-ink">{segment?.sentence ?? "Not mined yet."}</p>
      {segment?.before ? (
        <dl className="grid grid-cols-[auto_auto_1fr_auto] items-center gap-x-3 gap-y-1 text-sm">
          <TallyLine name={`Before, state ${segment.before.stateIndex}`} tally={segment.before} />
          {segment.after ? (
            <TallyLine name={`After, state ${segment.after.stateIndex}`} tally={segment.after} />
          ) : null}
        </dl>
      ) : null}
      <p className="text-xs text-ink-3">
        {segment === null || segment.probability === null ? null : (
          <>
            P that the change is real{" "}
            <span className="text-ink">{formatProbability(segment.probability)}</span>
            {alpha > 0 ? `, asked for ${String(alpha).replace(/^0/, "")}` : ", none asked for (paper)"}
            {" · "}
          </>
        )}
        {checkpoint === "" ? null : (
          <>
            agent <span className="text-ink">{checkpoint}</span>
          </>
        )}
        {cost.rollouts === 0 ? null : (
          <>
            {" · "}
            {plural(cost.rollouts, "rollout")}, {plural(cost.steps, "step")}
            {cost.tokens > 0 ? `, ${formatTokens(cost.tokens)} tokens` : ""}
          </>
        )}
      </p>
    </section>
  );
}

function Together({ segment }: { segment: StepRow["segment"] }) {
  if (!segment || segment.to - segment.from < 2) return null;
  return (
    <span className="text-xs text-ink-3">
      judged together: steps {segment.from}–{segment.to - 1}
    </span>
  );
}

function TallyLine({ name, tally }: { name: string; tally: TallyRow }) {
  return (
    <>
      <dt className="text-ink-2">{name}</dt>
      <dd className="font-medium text-ink">{formatRatio(tally)}</dd>
      <dd>
        <EvidenceScale tally={tally} />
      </dd>
      <dd className="text-xs text-ink-3">
        {formatPercent(tally.low)} – {formatPercent(tally.high)}
        {tally.errored > 0 ? `, ${tally.errored} errored` : ""}
      </dd>
    </>
  );
}
