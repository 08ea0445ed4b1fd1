"use client";
import { useState, useTransition } from "react";
import type { Answer, Failure } from "@/lib/server/answer";

const unreachable: Failure = {
  code: "internal",
  message: "Gleaner’s server did not answer, so it is not known whether this was done.",
  fix: "Check that Gleaner is still running, reload the page, and try again.",
};

/** An action's answer; a request that never arrived is a failure like any other. */
export async function answered<T>(work: Promise<Answer<T>>): Promise<Answer<T>> {
  try {
    return await work;
  } catch {
    return { ok: false, error: unreachable };
  }
}

/** Calls actions one at a time: whether one is under way, and what the last one failed with. */
export function useAct() {
  const [pending, start] = useTransition();
  const [failure, setFailure] = useState<Failure | null>(null);
  const act = <T>(work: () => Promise<Answer<T>>, then: (value: T) => void) => {
    setFailure(null);
    start(async () => {
      const answer = await answered(work());
      if (answer.ok) then(answer.value);
      else setFailure(answer.error);
    });
  };
  return { pending, failure, act };
}
