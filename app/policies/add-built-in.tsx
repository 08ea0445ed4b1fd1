"use client";
import type { PolicyKindWords } from "@/components/policy/policy-table";
import { Button } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import { Section } from "@/components/ui/section";
import { useAct } from "../use-act";
import { putPolicy } from "./actions";

/** Built-in kinds that are not in the list yet, each one click away. */
export function AddBuiltIn({ kinds }: { kinds: PolicyKindWords[] }) {
  const { pending, failure, act } = useAct();
  return (
    <Section title="Built in, not added yet" note="they need no model and cost nothing">
      <ul className="flex flex-col gap-3">
        {kinds.map(({ kind, title, description }) => (
          <li key={kind} className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
            <p className="min-w-64 flex-1">
              <span className="font-medium">{title}</span> <span className="text-ink-2">{description}</span>
            </p>
            <Button
              size="sm"
              disabled={pending}
              aria-label={`Add ${title}`}
              onClick={() =>
                act(
                  () => putPolicy({ name: kind, kind, config: {} }),
                  () => undefined,
                )
              }
            >
              Add
            </Button>
          </li>
        ))}
      </ul>
      {failure ? <FailureNote failure={failure} /> : null}
    </Section>
  );
}
