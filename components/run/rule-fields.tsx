/** `RuleFields`: what a new run asks of evidence beside α. It can be moved after the run as well. */
import { ruleVersions } from "@/lib/core/rule";
import { Field, Select } from "@/components/ui/field";
import { ruleDefaultOf, type RunDraft } from "./run-draft";
import { minAttemptsOffered, ruleWords } from "./rule-words";

type Props = {
  draft: RunDraft;
  /** Rollouts per state; null where the preset decides. */
  attempts: number | null;
  onChange: (change: Partial<RunDraft>) => void;
};

export function RuleFields({ draft, attempts, onChange }: Props) {
  const standard = ruleDefaultOf(draft.preset);
  const rule = draft.ruleVersion ?? standard;
  return (
    <details className="text-sm">
      <summary className="cursor-pointer font-medium">When a verdict is given (advanced)</summary>
      <div className="mt-3 flex flex-col gap-3">
        <p className="text-xs text-ink-2">
          The values of this preset are chosen. They can be moved after the run too: verdicts follow from the
          stored rollouts.
        </p>
        <Field
          id="min-attempts"
          label="Rollouts per state, at least"
          hint="A verdict rests only on states with as many completed rollouts; 1 is the preset’s."
        >
          <Select
            id="min-attempts"
            value={draft.minAttempts}
            aria-describedby="min-attempts-hint"
            onChange={(event) => onChange({ minAttempts: Number(event.currentTarget.value) })}
          >
            {minAttemptsOffered(draft.minAttempts, attempts).map((count) => (
              <option key={count} value={count}>
                {count}
              </option>
            ))}
          </Select>
        </Field>
        <Field id="rule-version" label="A state is solved" hint={ruleWords[rule].about}>
          <Select
            id="rule-version"
            value={rule}
            aria-describedby="rule-version-hint"
            onChange={(event) => {
              const chosen = ruleVersions.find((each) => each === event.currentTarget.value);
              if (chosen) onChange({ ruleVersion: chosen === standard ? null : chosen });
            }}
          >
            {ruleVersions.map((each) => (
              <option key={each} value={each}>
                {ruleWords[each].option}
                {each === standard ? ", this preset’s" : ""}
              </option>
            ))}
          </Select>
        </Field>
      </div>
    </details>
  );
}
