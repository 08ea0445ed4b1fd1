"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { configOf, type ProviderDraft } from "@/components/training/provider-draft";
import { ProviderFields, type TrainerChoices } from "@/components/training/provider-fields";
import { Button, ButtonLink } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import { Section } from "@/components/ui/section";
import { useAct } from "../../use-act";
import { putTrainingProvider } from "../actions";

type Props = {
  initial: ProviderDraft;
  choices: TrainerChoices;
  stored: { hasSecret: boolean } | null;
  /** Settings the form has no fields for; they are sent back as they are. */
  kept: Record<string, unknown>;
};

/** Adds a provider or changes one. */
export function ProviderForm({ initial, choices, stored, kept }: Props) {
  const router = useRouter();
  const { pending, failure, act } = useAct();
  const [draft, setDraft] = useState(initial);
  const { name, kind, key, removeKey } = draft;
  const secret = removeKey ? { secret: null } : key === "" ? {} : { secret: key };
  const isWhole =
    name.trim() !== "" &&
    (kind !== "openai" || draft.baseURL.trim() !== "") &&
    (kind !== "fireworks" || draft.accountId.trim() !== "");
  return (
    <form
      className="max-w-[720px]"
      onSubmit={(event) => {
        event.preventDefault();
        act(
          () => putTrainingProvider({ name, kind, config: { ...kept, ...configOf(draft) }, ...secret }),
          () => router.push("/training/providers"),
        );
      }}
    >
      <Section title="Provider">
        <div className="flex flex-col gap-5">
          <ProviderFields
            draft={draft}
            choices={choices}
            stored={stored}
            onChange={(change) => setDraft({ ...draft, ...change })}
          />
          {failure ? <FailureNote failure={failure} /> : null}
          <div className="flex gap-2">
            <Button type="submit" variant="primary" disabled={pending || !isWhole}>
              {pending ? "Storing…" : "Store"}
            </Button>
            <ButtonLink href="/training/providers" variant="quiet">
              Cancel
            </ButtonLink>
          </div>
        </div>
      </Section>
    </form>
  );
}
