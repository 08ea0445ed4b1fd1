"use client";
import Link from "next/link";
import { useState } from "react";
import { Button, ButtonLink } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import { Field, Select } from "@/components/ui/field";
import { Section } from "@/components/ui/section";
import { useAct } from "../../use-act";
import { startIteration } from "../actions";

type Props = {
  campaignId: number;
  iteration: number;
  /** The policy of the iteration before; null for the first. */
  before: number | null;
  /** The dataset of the iteration before; null for the first. */
  datasetId: number | null;
  /** The policy that was trained on it here; null where none was. */
  trained: number | null;
  policies: { policyId: number; name: string }[];
};

/** Chooses the checkpoint that explores next, and starts it with the settings of the campaign. */
export function NextIteration({ campaignId, iteration, before, datasetId, trained, policies }: Props) {
  const { pending, failure, act } = useAct();
  const fresh = policies.filter(({ policyId }) => policyId !== before);
  const [policyId, setPolicyId] = useState(trained ?? fresh.at(-1)?.policyId ?? 0);
  return (
    <Section title={iteration === 0 ? "Start the first iteration" : "Start the next iteration"}>
      {fresh.length === 0 ? (
        <div className="flex flex-wrap items-center gap-3">
          <p className="text-sm text-ink-2">
            Train the next checkpoint on the newest dataset, then add it as a policy.
          </p>
          <ButtonLink href="/policies/new" variant="primary">
            Add the next checkpoint
          </ButtonLink>
        </div>
      ) : (
        <form
          className="flex flex-col gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            act(
              () => startIteration({ campaignId, iteration, policyId }),
              () => undefined,
            );
          }}
        >
          <div className="flex flex-wrap items-end gap-3">
            <div className="w-80">
              <Field id="checkpoint" label={`Checkpoint of iteration ${iteration}`}>
                <Select
                  id="checkpoint"
                  value={policyId}
                  onChange={(event) => setPolicyId(Number(event.currentTarget.value))}
                >
                  {fresh.map((policy) => (
                    <option key={policy.policyId} value={policy.policyId}>
                      {policy.name}
                    </option>
                  ))}
                </Select>
              </Field>
            </div>
            <Button type="submit" variant="primary" disabled={pending}>
              {pending ? "Starting…" : `Start iteration ${iteration}`}
            </Button>
          </div>
          <p className="text-xs text-ink-3">
            It explores as every iteration of this campaign does.{" "}
            {iteration === 0 ? null : (
              <>
                {trained === null ? (
                  <>
                    The next checkpoint is the one trained on the newest dataset:{" "}
                    <Link
                      href={`/training/new?dataset=${datasetId ?? ""}`}
                      className="underline underline-offset-2"
                    >
                      train it here
                    </Link>
                    , or{" "}
                    <Link href="/policies/new" className="underline underline-offset-2">
                      add it as a policy
                    </Link>{" "}
                    first.{" "}
                  </>
                ) : (
                  "The checkpoint that was trained on the newest dataset is chosen. "
                )}
                From then on older verdicts are marked stale.
              </>
            )}
          </p>
        </form>
      )}
      {failure ? <FailureNote failure={failure} /> : null}
    </Section>
  );
}
