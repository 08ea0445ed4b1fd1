"use client";
import { useState } from "react";
import type { Budget } from "@/lib/core/collection";
import { budgetOf, ranges } from "@/components/collection/collection-draft";
import { LimitField } from "@/components/ui/limit-field";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/section";

type Props = { budget: Budget; pending: boolean; onRaise: (budget: Budget) => void };

/** Allows a collection more than it had, and goes on with what was skipped. */
export function RaiseBudget({ budget, pending, onRaise }: Props) {
  const [draft, setDraft] = useState({
    maxCalls: budget.maxCalls === null ? "" : String(budget.maxCalls * 2),
    maxTokens: budget.maxTokens === null ? "" : String(budget.maxTokens * 2),
  });
  const raised = budgetOf(draft);
  return (
    <Section title="Allow more?">
      <form
        className="flex flex-wrap items-end gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (raised) onRaise(raised);
        }}
      >
        <LimitField
          id="max-calls"
          label="Calls in all, at most"
          hint="What is spent counts."
          range={ranges.maxCalls}
          value={draft.maxCalls}
          onChange={(maxCalls) => setDraft({ ...draft, maxCalls })}
        />
        <LimitField
          id="max-tokens"
          label="Tokens in all, at most"
          hint="As the endpoint reports them."
          range={ranges.maxTokens}
          value={draft.maxTokens}
          onChange={(maxTokens) => setDraft({ ...draft, maxTokens })}
        />
        <Button type="submit" disabled={pending || raised === null}>
          Go on with what was skipped
        </Button>
      </form>
    </Section>
  );
}
