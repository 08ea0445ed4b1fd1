/** `RuleOutcome`: what the evidence says under the rule asked for: how sure it is, and what would be trained on. */
import type { RunPreview } from "@/lib/core/run-preview";
import { Button } from "@/components/ui/button";
import { Stat } from "@/components/ui/facts";
import { formatCount, formatProbability, formatTokens, plural } from "@/components/ui/numbers";
import { wrongCaveat, wrongWords } from "./rule-words";

type Props = {
  preview: RunPreview;
  /** The numbers are of the value before the one shown. */
  behind: boolean;
  disabled: boolean;
  onTarget: (alpha: number) => void;
};

export function RuleOutcome({ preview, behind, disabled, onTarget }: Props) {
  const { wrong, kept, target, rule } = preview;
  const wrongly = wrongWords(wrong);
  const share = `${Math.round(target.share * 100)} %`;
  const there = target.alpha !== null && wrong.expectedWrong <= target.share * wrong.claims + 1e-9;
  return (
    <div className="flex flex-col gap-3" aria-busy={behind}>
      <div className="flex flex-wrap gap-x-10 gap-y-4" aria-live="polite">
        <Stat name="Expected wrong" value={wrongly.value} note={wrongly.note} />
        <Stat
          name="Expert actions to train on"
          value={formatCount(kept.not_vetoed.actions)}
          note={`in ${plural(kept.not_vetoed.examples, "example")}, unless vetoed; ${formatCount(kept.approved.actions)} approved`}
        />
        <Stat
          name="Tokens to train on"
          value={`≈ ${formatTokens(kept.not_vetoed.tokens)}`}
          note="recorded characters / 4, expert and agent"
        />
      </div>
      <div className="flex flex-wrap items-center gap-3">
        <Button
          size="sm"
          disabled={disabled || target.alpha === null || target.alpha === rule.alpha}
          onClick={() => (target.alpha === null ? undefined : onTarget(target.alpha))}
        >
          At most {share} expected wrong
        </Button>
        <span className="text-xs text-ink-2">
          {target.alpha === null
            ? `No α gets there with this evidence: its surest verdict is expected to be wrong more often than ${share}.`
            : there
              ? `At this α the expected share is within ${share}; α ${alphaWord(target.alpha)} keeps the most.`
              : `α ${alphaWord(target.alpha)} keeps the most verdicts of which at most ${share} are expected to be wrong.`}
        </span>
      </div>
      {wrong.claims === 0 ? null : <p className="max-w-[90ch] text-xs text-ink-2">{wrongCaveat}</p>}
    </div>
  );
}

const alphaWord = (alpha: number) => (alpha === 0 ? "0" : formatProbability(alpha));
