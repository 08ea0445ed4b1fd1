"use client";
import { useState, type FormEvent } from "react";
import { tokenScopes, type TokenScope } from "@/lib/core/api-token";
import { scopeWords } from "@/components/api/scope-words";
import { Button } from "@/components/ui/button";
import { CopyText } from "@/components/ui/copy-text";
import { FailureNote } from "@/components/ui/failure-note";
import { Field, Input, Select } from "@/components/ui/field";
import { useAct } from "../use-act";
import { createToken } from "./actions";

type Made = { name: string; token: string };

/** Makes a token; it is on show until the page is left or another is made, and never again. */
export function NewToken({ person }: { person: string }) {
  const { pending, failure, act } = useAct();
  const [name, setName] = useState("");
  const [scope, setScope] = useState<TokenScope>("write");
  const [made, setMade] = useState<Made | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    act(
      () => createToken({ name, scope }),
      (value) => {
        setMade(value);
        setName("");
      },
    );
  };
  return (
    <div className="flex flex-col gap-3">
      <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
        <div className="w-64">
          <Field id="token-name" label="What it is for">
            <Input
              id="token-name"
              value={name}
              required
              maxLength={100}
              autoComplete="off"
              placeholder="nightly export"
              onChange={(event) => setName(event.target.value)}
            />
          </Field>
        </div>
        <Field id="token-scope" label="It may">
          <Select
            id="token-scope"
            className="w-72"
            value={scope}
            onChange={({ target }) => setScope(tokenScopes.find((each) => each === target.value) ?? "read")}
          >
            {tokenScopes.map((each) => (
              <option key={each} value={each}>
                {scopeWords[each]}
              </option>
            ))}
          </Select>
        </Field>
        <Button type="submit" variant="primary" disabled={pending || name.trim() === ""}>
          Make a token
        </Button>
      </form>
      <p className="text-xs text-ink-3">It acts as {person}: decisions made with it carry that name.</p>
      <div role="status">
        {made ? (
          <div className="flex flex-col gap-1 rounded border border-accent-line bg-accent-soft px-3 py-2 text-sm">
            <p className="font-medium">“{made.name}”: copy it now, it is not shown again.</p>
            <CopyText text={made.token} shown={made.token} name="the token" />
          </div>
        ) : null}
      </div>
      {failure ? <FailureNote failure={failure} /> : null}
    </div>
  );
}
