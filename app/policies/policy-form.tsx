"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import {
  concurrencyIn,
  pricesIn,
  ranges,
  replicasOf,
  type PolicyDraft,
} from "@/components/policy/policy-draft";
import { PolicyFields } from "@/components/policy/policy-fields";
import { Button, ButtonLink } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import { numberIn } from "@/components/ui/number-field";
import { Section } from "@/components/ui/section";
import { useAct } from "../use-act";
import { putPolicy } from "./actions";

/** What the action is asked, or null while a number is wrong. An empty key keeps the stored one. */
function inputOf(draft: PolicyDraft, kept: Record<string, unknown>) {
  const temperature = numberIn(draft.temperature, ranges.temperature);
  const maxTokens = numberIn(draft.maxTokens, ranges.maxTokens);
  const prices = pricesIn(draft);
  const concurrency = concurrencyIn(draft);
  if (temperature === null || maxTokens === null || prices === undefined || concurrency === null) return null;
  const { name, key, removeKey } = draft;
  const served = { baseURL: draft.baseURL.trim(), replicas: replicasOf(draft), model: draft.model.trim() };
  return {
    name,
    kind: "openai",
    config: { ...kept, ...served, temperature, maxTokens, prices, concurrency },
    ...(removeKey ? { secret: null } : key === "" ? {} : { secret: key }),
  };
}

type Props = {
  initial: PolicyDraft;
  stored: { hasSecret: boolean } | null;
  /** Settings the form has no fields for; they are sent back as they are. */
  kept: Record<string, unknown>;
};

/** Adds an endpoint or changes one. */
export function PolicyForm({ initial, stored, kept }: Props) {
  const router = useRouter();
  const { pending, failure, act } = useAct();
  const [draft, setDraft] = useState(initial);
  const input = inputOf(draft, kept);
  return (
    <form
      className="max-w-[720px]"
      onSubmit={(event) => {
        event.preventDefault();
        if (input)
          act(
            () => putPolicy(input),
            () => router.push("/policies"),
          );
      }}
    >
      <Section title="OpenAI-compatible endpoint" note="vLLM, SGLang, llama.cpp, Ollama, OpenAI, …">
        <div className="flex flex-col gap-5">
          <PolicyFields
            draft={draft}
            stored={stored}
            onChange={(change) => setDraft({ ...draft, ...change })}
          />
          {failure ? <FailureNote failure={failure} /> : null}
          <div className="flex gap-2">
            <Button type="submit" variant="primary" disabled={pending || input === null}>
              {pending ? "Storing…" : "Store"}
            </Button>
            <ButtonLink href="/policies" variant="quiet">
              Cancel
            </ButtonLink>
          </div>
        </div>
      </Section>
    </form>
  );
}
