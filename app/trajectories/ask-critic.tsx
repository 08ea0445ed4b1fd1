"use client";
import { useState } from "react";
import type { PolicyRow } from "@/lib/core/rows";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/field";
import { plural } from "@/components/ui/numbers";
import type { Chosen } from "../selection";
import { useAct } from "../use-act";
import { askCritic } from "./actions";

/** Policies that can be asked for an opinion. */
export type Critics = Pick<PolicyRow, "policyId" | "name">[];

/** Asks a critic about the chosen trajectories; the answers come in as the workers get to them. */
export function AskCriticAbout({ critics, selection }: { critics: Critics; selection: Chosen }) {
  const { pending, failure, act } = useAct();
  const [asked, setAsked] = useState<number | null>(null);
  if (critics.length === 0) return null;
  const ask = (policyId: number) =>
    act(
      () => askCritic({ policyId, selection }),
      (answer) => setAsked(answer.asked),
    );
  return (
    <form
      className="flex items-center gap-1"
      onSubmit={(event) => {
        event.preventDefault();
        ask(Number(new FormData(event.currentTarget).get("critic")));
      }}
    >
      <Select name="critic" aria-label="Critic" className="max-w-36">
        {critics.map(({ policyId, name }) => (
          <option key={policyId} value={policyId}>
            {name}
          </option>
        ))}
      </Select>
      <Button
        size="sm"
        type="submit"
        disabled={pending}
        title="One model call per trajectory: an opinion that changes no verdict"
      >
        {pending ? "Asking…" : "Ask critic"}
      </Button>
      <span role="status" className="text-xs text-ink-3">
        {asked === null ? "" : `${plural(asked, "trajectory", "trajectories")} asked about`}
      </span>
      {failure ? (
        <span role="alert" className="text-xs text-danger">
          {failure.message}
        </span>
      ) : null}
    </form>
  );
}
