"use client";
import type { Review } from "@/lib/core/review";
import { DecisionHistory } from "@/components/trajectory/decision-history";
import { Kbd } from "@/components/ui/kbd";
import { Part } from "@/components/ui/part";

/** Stands where the evidence is, while the miner's word is kept from the person who judges. */
export function HiddenPart({ history }: { history: Review[] }) {
  return (
    <div className="flex flex-col gap-5 p-4">
      <section
        aria-label="Hidden verdicts"
        className="rounded border border-dashed border-line-strong px-4 py-3"
      >
        <p className="text-base font-semibold text-ink">Verdicts are hidden on this trajectory</p>
        <p className="mt-1 text-sm text-ink-2">
          Judge the actions by the recording alone: <Kbd>a</Kbd> for what an agent should learn, <Kbd>x</Kbd>{" "}
          for what it should not. What mining found is shown once you are done. This measures how much seeing
          it sways people.
        </p>
      </section>
      <Part title="Your votes">
        <DecisionHistory history={history} />
      </Part>
    </div>
  );
}
