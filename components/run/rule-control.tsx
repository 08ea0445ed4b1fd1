/** `RuleControl`: what a run asks of evidence: the confidence, the rollouts a state must have, and when it is solved. */
import { useId } from "react";
import type { VerdictRule } from "@/lib/core/rule";
import { ruleVersions } from "@/lib/core/rule";
import { Select } from "@/components/ui/field";
import { AlphaControl } from "./alpha-control";
import { minAttemptsOffered, ruleWords } from "./rule-words";

type Props = {
  rule: VerdictRule;
  /** Rollouts per state; null where they differ (imported evidence). */
  attempts: number | null;
  disabled: boolean;
  onChange: (change: Partial<VerdictRule>) => void;
  /** A value was let go. */
  onCommit: (change: Partial<VerdictRule>) => void;
};

export function RuleControl({ rule, attempts, disabled, onChange, onCommit }: Props) {
  const id = useId();
  return (
    <div className="flex flex-col gap-3">
      <AlphaControl
        alpha={rule.alpha}
        attempts={attempts}
        disabled={disabled}
        onChange={(alpha) => onChange({ alpha })}
        onCommit={(alpha) => onCommit({ alpha })}
      />
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2 text-sm">
        <label htmlFor={`${id}-n`} className="flex items-center gap-2">
          <span className="font-medium">Rollouts per state, at least</span>
          <Select
            id={`${id}-n`}
            className="w-16"
            value={rule.minAttempts}
            disabled={disabled}
            onChange={(event) => onCommit({ minAttempts: Number(event.currentTarget.value) })}
          >
            {minAttemptsOffered(rule.minAttempts, attempts).map((count) => (
              <option key={count} value={count}>
                {count}
              </option>
            ))}
          </Select>
        </label>
        <label htmlFor={`${id}-rule`} className="flex items-center gap-2">
          <span className="font-medium">A state is solved</span>
          <Select
            id={`${id}-rule`}
            className="w-64"
            value={rule.ruleVersion}
            disabled={disabled}
            aria-describedby={`${id}-about`}
            onChange={(event) => {
              const ruleVersion = ruleVersions.find((each) => each === event.currentTarget.value);
              if (ruleVersion) onCommit({ ruleVersion });
            }}
          >
            {ruleVersions.map((each) => (
              <option key={each} value={each}>
                {ruleWords[each].option}
              </option>
            ))}
          </Select>
        </label>
      </div>
      <p id={`${id}-about`} className="max-w-[90ch] text-xs text-ink-2">
        {ruleWords[rule.ruleVersion].about}
      </p>
    </div>
  );
}
