"use client";
import { useKeptSwitch } from "../../use-kept";

/** How the steps are shown: a matter of taste, remembered by the browser. */
export function useStepsView() {
  const [thoughts, toggleThoughts] = useKeptSwitch("gleaner:thoughts", true);
  const [unchanged, toggleUnchanged] = useKeptSwitch("gleaner:unchanged", false);
  return { thoughts, unchanged, toggleThoughts, toggleUnchanged };
}
