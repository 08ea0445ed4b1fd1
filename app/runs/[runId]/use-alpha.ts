"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { RunRow } from "@/lib/core/rows";
import { useAct } from "../../use-act";
import { setAlpha } from "../actions";

/** The run's α as it is being moved, and its way to the server once it is let go. */
export function useAlpha({ runId, alpha }: Pick<RunRow, "runId" | "alpha">) {
  const client = useQueryClient();
  const { pending, failure, act } = useAct();
  /** Where the slider is while it differs from what is stored. */
  const [draft, setDraft] = useState<number | null>(null);
  const commit = (next: number) => {
    if (next === alpha) return setDraft(null);
    setDraft(next);
    act(
      () => setAlpha({ runId, alpha: next }),
      () => void client.invalidateQueries({ queryKey: ["run", runId] }).then(() => setDraft(null)),
    );
  };
  return {
    failure,
    control: { alpha: draft ?? alpha, disabled: pending, onChange: setDraft, onCommit: commit },
  };
}
