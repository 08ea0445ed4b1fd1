"use client";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { CodeField } from "@/components/ui/code-field";
import { FailureNote } from "@/components/ui/failure-note";
import { Field, Input } from "@/components/ui/field";
import { Section } from "@/components/ui/section";
import { useAct } from "../../use-act";
import { registerTraining } from "../actions";

type Props = {
  trainingId: number;
  name: string;
  /** Where its provider serves checkpoints. */ servedAt: string | null;
};

/** Says where a checkpoint is served that its provider does not serve itself, and makes it a policy. */
export function RegisterCheckpoint({ trainingId, name, servedAt }: Props) {
  const { pending, failure, act } = useAct();
  const [draft, setDraft] = useState({ name, baseURL: servedAt ?? "", model: name, key: "" });
  const set = (change: Partial<typeof draft>) => setDraft({ ...draft, ...change });
  const whole = [draft.name, draft.baseURL, draft.model].every((text) => text.trim() !== "");
  return (
    <Section title="Where is it served?" note="then it is a policy that runs and campaigns can explore with">
      <form
        className="grid max-w-[720px] gap-4 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          const { key, ...given } = draft;
          act(
            () => registerTraining({ trainingId, ...given, secret: key === "" ? null : key }),
            () => undefined,
          );
        }}
      >
        <Field id="policy-name" label="Name of the policy">
          <Input
            id="policy-name"
            maxLength={100}
            value={draft.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
        </Field>
        <CodeField
          id="policy-model"
          label="Served as"
          maxLength={200}
          value={draft.model}
          onChange={(model) => set({ model })}
        />
        <CodeField
          id="policy-url"
          label="Base URL"
          type="url"
          value={draft.baseURL}
          onChange={(baseURL) => set({ baseURL })}
        />
        <Field id="policy-key" label="API key, where it wants one">
          <Input
            id="policy-key"
            type="password"
            autoComplete="off"
            maxLength={4000}
            value={draft.key}
            onChange={(event) => set({ key: event.currentTarget.value })}
          />
        </Field>
        {failure ? (
          <div className="sm:col-span-2">
            <FailureNote failure={failure} />
          </div>
        ) : null}
        <div>
          <Button type="submit" variant="primary" disabled={pending || !whole}>
            {pending ? "Registering…" : "Register as a policy"}
          </Button>
        </div>
      </form>
    </Section>
  );
}
