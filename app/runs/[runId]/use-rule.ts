"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { RunRow } from "@/lib/core/rows";
import type { VerdictRule } from "@/lib/core/rule";
import { useAct } from "../../use-act";
import { setRule } from "../actions";

/** What the run asks of evidence as it is being moved, and its way to the server once it is let go. */
export function useRule({
  runId,
  alpha,
  minAttempts,
  ruleVersion,
}: Pick<RunRow, "runId" | keyof VerdictRule>) {
  const client = useQueryClient();
  const { pending, failure, act } = useAct();
  const stored: VerdictRule = { alpha, minAttempts, ruleVersion };
  /** What is asked for while it differs from what is stored. */
  const [draft, setDraft] = useState<VerdictRule | null>(null);
  const rule = draft ?? stored;
  const commit = (change: Partial<VerdictRule>) => {
    const next = { ...rule, ...change };
    if (isSame(next, stored)) return setDraft(null);
    setDraft(next);
    act(
      () => setRule({ runId, ...next }),
      () => void client.invalidateQueries({ queryKey: ["run", runId] }).then(() => setDraft(null)),
    );
  };
  return {
    failure,
    rule,
    control: {
      rule,
      disabled: pending,
      onChange: (change: Partial<VerdictRule>) => setDraft({ ...rule, ...change }),
      onCommit: commit,
    },
  };
}

function isSame(a: VerdictRule, b: VerdictRule): boolean {
  return a.alpha === b.alpha && a.minAttempts === b.minAttempts && a.ruleVersion === b.ruleVersion;
}
