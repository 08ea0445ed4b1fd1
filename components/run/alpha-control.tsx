/** `AlphaControl`: the confidence asked of verdicts, as a slider with the values people use as buttons. */
import { useId } from "react";
import { Button } from "@/components/ui/button";
import { formatProbability } from "@/components/ui/numbers";
import { alphaLimit, alphaMarks, alphaMeaning } from "./alpha";

type Props = {
  alpha: number;
  /** Rollouts per state; null where they differ (imported evidence). */
  attempts: number | null;
  disabled: boolean;
  onChange: (alpha: number) => void;
  /** The value was let go. */
  onCommit: (alpha: number) => void;
};

export function AlphaControl({ alpha, attempts, disabled, onChange, onCommit }: Props) {
  const id = useId();
  const limit = attempts === null ? null : alphaLimit(alpha, attempts);
  const release = () => onCommit(alpha);
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-3">
        <label htmlFor={id} className="text-sm font-medium">
          Confidence α
        </label>
        <input
          id={id}
          type="range"
          min={0}
          max={0.995}
          step={0.005}
          value={alpha}
          disabled={disabled}
          aria-valuetext={alpha === 0 ? "0, as in the paper" : formatProbability(alpha)}
          aria-describedby={`${id}-meaning`}
          onChange={(event) => onChange(event.currentTarget.valueAsNumber)}
          onPointerUp={release}
          onKeyUp={release}
          onBlur={release}
          className="h-6 w-56 accent-accent"
        />
        <output htmlFor={id} className="w-10 text-sm font-medium">
          {alpha === 0 ? "0" : formatProbability(alpha)}
        </output>
        <span className="flex gap-1">
          {alphaMarks.map((mark) => (
            <Button
              key={mark.alpha}
              size="sm"
              variant="quiet"
              disabled={disabled}
              aria-pressed={alpha === mark.alpha}
              className="aria-pressed:bg-hover aria-pressed:text-ink"
              onClick={() => onCommit(mark.alpha)}
            >
              {mark.word}
            </Button>
          ))}
        </span>
      </div>
      <p id={`${id}-meaning`} className="max-w-[90ch] text-xs text-ink-2">
        {alphaMeaning}
      </p>
      {limit === null ? null : <p className="max-w-[90ch] text-xs font-medium text-undecided">{limit}</p>}
    </div>
  );
}
