/** `LoadFields`: what an endpoint's tokens cost, and how many calls it gets at once. */
import { Choice, ChoiceGroup } from "@/components/ui/choice";
import { LimitField } from "@/components/ui/limit-field";
import { NumberField } from "@/components/ui/number-field";
import { concurrencyIn, pricesIn, ranges, type PolicyDraft } from "./policy-draft";

type Props = { draft: PolicyDraft; onChange: (change: Partial<PolicyDraft>) => void };

export function LoadFields({ draft, onChange }: Props) {
  const halfPriced = pricesIn(draft) === undefined;
  return (
    <>
      <div className="grid grid-cols-2 gap-4">
        <LimitField
          id="prompt-price"
          label="Price of a million tokens in"
          hint="In any currency; budgets are in the same. Empty: none."
          placeholder="none"
          range={ranges.price}
          value={draft.promptPrice}
          onChange={(promptPrice) => onChange({ promptPrice })}
        />
        <LimitField
          id="completion-price"
          label="Price of a million tokens out"
          hint={halfPriced ? "Give both prices, or neither." : "What the model writes."}
          placeholder="none"
          range={ranges.price}
          value={draft.completionPrice}
          onChange={(completionPrice) => onChange({ completionPrice })}
        />
      </div>
      <ChoiceGroup legend="Calls at once, over all workers">
        <Choice
          name="concurrency"
          checked={draft.concurrency === "adaptive"}
          onChange={() => onChange({ concurrency: "adaptive" })}
          label="As many as the endpoint takes"
          hint="Grows while its answers are welcome, and is cut when it refuses, within these bounds."
        />
        <Choice
          name="concurrency"
          checked={draft.concurrency === "fixed"}
          onChange={() => onChange({ concurrency: "fixed" })}
          label="A fixed number"
          hint="For a server whose load you know."
        />
      </ChoiceGroup>
      {draft.concurrency === "fixed" ? (
        <NumberField
          id="places"
          label="Calls at once"
          hint="Never more, never fewer."
          range={ranges.places}
          value={draft.fixed}
          onChange={(fixed) => onChange({ fixed })}
        />
      ) : (
        <Bounds draft={draft} onChange={onChange} />
      )}
    </>
  );
}

function Bounds({ draft, onChange }: Props) {
  const hint = concurrencyIn(draft) === null ? "Fewest, first and most must ascend." : "1 to 1,000";
  return (
    <div className="grid grid-cols-3 gap-4">
      <NumberField
        id="min-places"
        label="Fewest"
        hint={hint}
        range={ranges.places}
        value={draft.min}
        onChange={(min) => onChange({ min })}
      />
      <NumberField
        id="start-places"
        label="At first"
        hint="Where it begins."
        range={ranges.places}
        value={draft.start}
        onChange={(start) => onChange({ start })}
      />
      <NumberField
        id="max-places"
        label="Most"
        hint="Never more than this."
        range={ranges.places}
        value={draft.max}
        onChange={(max) => onChange({ max })}
      />
    </div>
  );
}
