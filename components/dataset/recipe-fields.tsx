/** `RecipeFields`: how much of a selection goes in: kinds, cap, validation share, runs, and what is done with doubt. */
import { doubts, type Doubt } from "@/lib/core/dataset-recipe";
import { exampleKinds, type Example } from "@/lib/core/example";
import { Checkbox, Field, Select } from "@/components/ui/field";
import { LimitField, limitIn } from "@/components/ui/limit-field";
import { NumberField, numberIn } from "@/components/ui/number-field";
import { kindWords } from "./dataset-words";

export const doubtAnswers = ["refuse", "leave_out", "include"] as const;
export type DoubtAnswer = (typeof doubtAnswers)[number];
export type RecipeDraft = {
  kinds: Example["kind"][];
  /** As typed. */
  validationShare: string;
  capPerSubtask: string;
  runIds: number[];
  doubts: Record<Doubt, DoubtAnswer>;
};

/** Cloned successes have a choice of their own: whether solved trajectories are included. */
const mined = exampleKinds.filter((kind) => kind !== "bc");
const share = { min: 0, max: 0.5, step: 0.01 };
const cap = { min: 1, max: 100_000, step: 1 };

/** The recipe that a draft means; null while something in it is wrong. */
export function recipeOf(draft: RecipeDraft) {
  const validationShare = numberIn(draft.validationShare, share);
  const capPerSubtask = limitIn(draft.capPerSubtask, cap);
  if (validationShare === null || capPerSubtask === undefined) return null;
  return {
    validationShare,
    capPerSubtask,
    kinds: exampleKinds.filter((kind) => draft.kinds.includes(kind)),
    runIds: draft.runIds,
    includeStale: draft.doubts.stale === "include",
    includeUndecided: draft.doubts.undecided === "include",
    leaveOut: doubts.filter((doubt) => draft.doubts[doubt] === "leave_out"),
  };
}

const doubtWords: Record<Doubt, string> = { stale: "Stale verdicts", undecided: "Undecided solutions" };
const answerWords: Record<DoubtAnswer, string> = {
  refuse: "refuse, and say which",
  leave_out: "leave them out",
  include: "include them",
};

type Props = {
  draft: RecipeDraft;
  runs: { runId: number; name: string }[];
  onChange: (change: Partial<RecipeDraft>) => void;
};

export function RecipeFields({ draft, runs, onChange }: Props) {
  return (
    <div className="flex flex-col gap-5">
      <div className="grid grid-cols-2 gap-3">
        <NumberField
          id="validation-share"
          label="Validation share"
          hint="Of subtasks, 0 to 0.5: whole ones, so that nothing leaks."
          range={share}
          value={draft.validationShare}
          onChange={(validationShare) => onChange({ validationShare })}
        />
        <LimitField
          id="cap-per-subtask"
          label="Most of one subtask"
          hint="Examples. The surest stay."
          range={cap}
          value={draft.capPerSubtask}
          onChange={(capPerSubtask) => onChange({ capPerSubtask })}
        />
      </div>
      <Kinds draft={draft} onChange={onChange} />
      {runs.length > 1 ? <Runs draft={draft} runs={runs} onChange={onChange} /> : null}
      <div className="grid grid-cols-2 gap-3">
        {doubts.map((doubt) => (
          <Field key={doubt} id={`doubt-${doubt}`} label={doubtWords[doubt]}>
            <Select
              id={`doubt-${doubt}`}
              value={draft.doubts[doubt]}
              onChange={(event) => {
                const answer = doubtAnswers.find((each) => each === event.currentTarget.value);
                if (answer) onChange({ doubts: { ...draft.doubts, [doubt]: answer } });
              }}
            >
              {doubtAnswers.map((answer) => (
                <option key={answer} value={answer}>
                  {answerWords[answer]}
                </option>
              ))}
            </Select>
          </Field>
        ))}
      </div>
    </div>
  );
}

const toggled = <T,>(all: T[], one: T): T[] =>
  all.includes(one) ? all.filter((each) => each !== one) : [...all, one];

function Kinds({ draft, onChange }: Omit<Props, "runs">) {
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-sm font-medium text-ink">Kinds of mined examples</legend>
      {mined.map((kind) => (
        <Checkbox
          key={kind}
          checked={draft.kinds.includes(kind)}
          onChange={() => onChange({ kinds: toggled(draft.kinds, kind) })}
          label={kindWords[kind].word}
          hint={kindWords[kind].meaning}
        />
      ))}
    </fieldset>
  );
}

function Runs({ draft, runs, onChange }: Props) {
  const words = draft.runIds.length === 0 ? "as the selection says" : `${draft.runIds.length} chosen`;
  return (
    <details className="text-sm">
      <summary className="cursor-pointer font-medium text-ink">Verdicts of which runs: {words}</summary>
      <fieldset className="mt-2 flex max-h-48 flex-col gap-1 overflow-y-auto">
        <legend className="text-xs text-ink-3">
          Of a trajectory in several, the newest with evidence counts.
        </legend>
        {runs.map(({ runId, name }) => (
          <Checkbox
            key={runId}
            checked={draft.runIds.includes(runId)}
            onChange={() => onChange({ runIds: toggled(draft.runIds, runId) })}
            label={`${name} (run ${runId})`}
          />
        ))}
      </fieldset>
    </details>
  );
}
