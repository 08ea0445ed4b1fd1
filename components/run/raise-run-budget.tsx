"use client";
/** `RaiseRunBudget`: allows a run more than it had, and goes on with what its budget cancelled. */
import { useState } from "react";
import type { RunRow } from "@/lib/core/rows";
import type { RunBudget } from "@/lib/core/run-budget";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/section";
import { doubled, runBudgetOf } from "./budget-draft";
import { BudgetFields } from "./budget-fields";

type Props = {
  run: Pick<RunRow, "budget" | "prices">;
  pending: boolean;
  onRaise: (budget: RunBudget) => void;
};

export function RaiseRunBudget({ run, pending, onRaise }: Props) {
  const [draft, setDraft] = useState(() => doubled(run.budget));
  const raised = runBudgetOf(draft);
  return (
    <Section title="Allow more?" note="what is spent counts; an empty field is no limit">
      <form
        className="flex flex-col items-start gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (raised) onRaise(raised);
        }}
      >
        <BudgetFields
          draft={draft}
          priced={run.prices !== null}
          onChange={(change) => setDraft({ ...draft, ...change })}
        />
        <Button type="submit" variant="primary" disabled={pending || raised === null}>
          Go on under this budget
        </Button>
      </form>
    </Section>
  );
}
