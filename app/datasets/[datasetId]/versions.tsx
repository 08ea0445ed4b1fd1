"use client";
import Link from "next/link";
import { useState } from "react";
import type { IterationKey } from "@/lib/core/campaign-store";
import type { DatasetRow } from "@/lib/core/rows";
import { Button, ButtonLink } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import { plural } from "@/components/ui/numbers";
import { Section } from "@/components/ui/section";
import { Time } from "@/components/ui/time";
import { useAct } from "../../use-act";
import { rebuildDataset } from "../actions";

type Rebuilt = { identical: boolean; examples: number; differing: number[]; changes: string[] };

/** The versions of a dataset, what differs between them, where it comes from, and whether it can be made again. */
export function Versions(props: {
  dataset: DatasetRow;
  versions: DatasetRow[];
  iteration: IterationKey | null;
}) {
  const { dataset, versions, iteration } = props;
  const { datasetId } = dataset;
  const { pending, failure, act } = useAct();
  const [rebuilt, setRebuilt] = useState<Rebuilt | null>(null);
  return (
    <Section title="Versions and origin">
      <div className="flex flex-col gap-4">
        <ol className="flex flex-col gap-1 text-sm" aria-label="Versions">
          {versions.map((each) => (
            <Version key={each.datasetId} each={each} here={datasetId} />
          ))}
        </ol>
        <div className="flex flex-wrap items-center gap-2">
          {iteration ? null : <ButtonLink href={`/datasets/new?of=${datasetId}`}>New version</ButtonLink>}
          <ButtonLink href={`/api/datasets/${datasetId}/manifest`} download prefetch={false}>
            Manifest
          </ButtonLink>
          <Button disabled={pending} onClick={() => act(() => rebuildDataset({ datasetId }), setRebuilt)}>
            {pending ? "Rebuilding…" : "Rebuild and compare bytes"}
          </Button>
          <p className="text-xs text-ink-3">
            The manifest traces every trained turn to its rollouts, rule, checkpoint and reviewer.
          </p>
        </div>
        {iteration ? <OfCampaign iteration={iteration} /> : null}
        {failure ? <FailureNote failure={failure} /> : null}
        {rebuilt ? <Result rebuilt={rebuilt} /> : null}
      </div>
    </Section>
  );
}

/** An iteration has one dataset, so that what its checkpoint was trained on stays known. */
function OfCampaign({ iteration: { campaignId, iteration } }: { iteration: IterationKey }) {
  return (
    <p className="text-sm text-ink-2">
      This is the dataset of iteration {iteration} of{" "}
      <Link href={`/campaigns/${campaignId}`} className="underline underline-offset-2 hover:text-ink">
        campaign {campaignId}
      </Link>
      . An iteration has one, so there is no new version of it: the next iteration freezes the next dataset.
    </p>
  );
}

function Version({ each, here }: { each: DatasetRow; here: number }) {
  const { datasetId, version, previousId, exampleCount, createdBy, createdAt } = each;
  return (
    <li className="flex flex-wrap items-baseline gap-x-3">
      {datasetId === here ? (
        <span aria-current="page" className="font-medium">
          version {version}
        </span>
      ) : (
        <Link href={`/datasets/${datasetId}`} className="underline underline-offset-2 hover:text-ink">
          version {version}
        </Link>
      )}
      <span className="text-ink-2 tabular-nums">{plural(exampleCount, "example")}</span>
      <span className="text-ink-3">
        {createdBy}, <Time at={createdAt} />
      </span>
      {previousId === null ? null : (
        <Link
          href={`/datasets/compare?a=${previousId}&b=${datasetId}`}
          className="text-xs underline underline-offset-2 hover:text-ink"
        >
          what changed since version {version - 1}
        </Link>
      )}
      {datasetId === here || previousId === here ? null : (
        <Link
          href={`/datasets/compare?a=${Math.min(datasetId, here)}&b=${Math.max(datasetId, here)}`}
          className="text-xs underline underline-offset-2 hover:text-ink"
        >
          compare with this one
        </Link>
      )}
    </li>
  );
}

function Result({ rebuilt: { identical, examples, differing, changes } }: { rebuilt: Rebuilt }) {
  return (
    <div role="status" className="text-sm">
      <p className="font-medium">
        {identical
          ? `Byte-identical: ${plural(examples, "example")} made again from the recipe and the facts of then.`
          : "Not identical."}
      </p>
      {differing.length > 0 ? (
        <p className="text-ink-2">Examples that differ: {differing.map((index) => index + 1).join(", ")}</p>
      ) : null}
      {changes.map((change) => (
        <p key={change} className="text-ink-2">
          {change}
        </p>
      ))}
    </div>
  );
}
