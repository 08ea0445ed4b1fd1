/** `BudgetFields`: what a run may spend in all: calls, tokens, and money where the agent's tokens have prices. */
import { LimitField } from "@/components/ui/limit-field";
import { budgetRanges, type BudgetDraft } from "./budget-draft";

type Props = {
  draft: BudgetDraft;
  /** Whether the agent's tokens have prices. */
  priced: boolean;
  onChange: (change: Partial<BudgetDraft>) => void;
};

export function BudgetFields({ draft, priced, onChange }: Props) {
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      <LimitField
        id="max-calls"
        label="Calls in all, at most"
        hint="Never exceeded: a rollout begins only if all its steps fit."
        range={budgetRanges.maxCalls}
        value={draft.maxCalls}
        onChange={(maxCalls) => onChange({ maxCalls })}
      />
      <LimitField
        id="max-tokens"
        label="Tokens in all, at most"
        hint="In and out, as the endpoint reports them."
        range={budgetRanges.maxTokens}
        value={draft.maxTokens}
        onChange={(maxTokens) => onChange({ maxTokens })}
      />
      <LimitField
        id="max-cost"
        label="Money in all, at most"
        hint={
          priced
            ? "In the currency of the policy’s prices."
            : "Only for a policy with prices: set them on its page."
        }
        range={budgetRanges.maxCost}
        value={draft.maxCost}
        disabled={!priced}
        onChange={(maxCost) => onChange({ maxCost })}
      />
    </div>
  );
}
