"use client";
import { useKeptSwitch } from "../../use-kept";

/** How the steps are shown: a matter of taste, remembered by the browser. */
export function useStepsView() {
  const [thoughts, toggleThoughts] = useKeptSwitch("gleaner:thoughts", true);
  const [unchanged, toggleUnchanged] = useKeptSwitch("gleaner:unchanged", false);
  const [calls, toggleCalls] = useKeptSwitch("gleaner:calls", true);
  const [details, toggleDetails] = useKeptSwitch("gleaner:details", false);
  return {
    thoughts,
    unchanged,
    calls,
    details,
    toggleThoughts,
    toggleUnchanged,
    toggleCalls,
    toggleDetails,
  };
}

export type StepsView = ReturnType<typeof useStepsView>;
