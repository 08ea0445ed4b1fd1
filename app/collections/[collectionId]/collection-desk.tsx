"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import type { ReactNode } from "react";
import { CollectionDistance } from "@/components/collection/collection-distance";
import { CollectionHealth } from "@/components/collection/collection-health";
import { CollectionOutcome } from "@/components/collection/collection-outcome";
import { CollectionStateBadge } from "@/components/collection/collection-state-badge";
import { budgetWords, configWords, isLive } from "@/components/collection/collection-words";
import { Button, ButtonLink } from "@/components/ui/button";
import { Fact, Facts } from "@/components/ui/facts";
import { FailureNote } from "@/components/ui/failure-note";
import { PageHeader } from "@/components/ui/page-header";
import { Time } from "@/components/ui/time";
import { useAct } from "../../use-act";
import { useRefreshed } from "../../use-refreshed";
import { cancelCollection, raiseBudget, resumeCollection, retryEpisodes } from "../actions";
import { collectionQuery, type CollectionView } from "../queries";
import { RaiseBudget } from "./raise-budget";

/** One collection: healthy, how far, what came of it; follows it while it is live. */
export function CollectionDesk({ initial, children }: { initial: CollectionView; children: ReactNode }) {
  const { collectionId } = initial.collection;
  const { data, error, dataUpdatedAt } = useQuery({ ...collectionQuery(collectionId), initialData: initial });
  const { collection, policy, progress, errors } = data;
  const client = useQueryClient();
  const { pending, failure, act } = useAct();
  const again = () => void client.invalidateQueries({ queryKey: ["collection", collectionId] });
  const { state, endReason, budget } = collection;
  const { episodes } = progress;
  useRefreshed(`${state} ${episodes.completed} ${episodes.errored}`);
  return (
    <div className="flex flex-col gap-4">
      <PageHeader
        title={collection.name}
        back={{ href: "/collections", label: "Collections" }}
        meta={<CollectionFacts collection={collection} policy={policy} />}
        action={<NextStep collection={collection} progress={progress} />}
      />
      {failure ? <FailureNote failure={failure} /> : null}
      {error ? (
        <FailureNote failure={{ message: error.message, fix: "What is shown is the last that was known." }} />
      ) : null}
      <CollectionHealth
        progress={progress}
        errors={errors}
        error={collection.error}
        actions={
          <Button
            size="sm"
            disabled={pending}
            onClick={() => act(() => retryEpisodes({ collectionId }), again)}
          >
            {state === "failed" ? "Go on" : "Try them again"}
          </Button>
        }
      />
      <CollectionDistance
        collection={collection}
        progress={progress}
        now={new Date(dataUpdatedAt)}
        actions={
          state === "queued" || state === "running" ? (
            <Button
              size="sm"
              variant="danger"
              disabled={pending}
              onClick={() => act(() => cancelCollection({ collectionId }), again)}
            >
              Stop
            </Button>
          ) : episodes.cancelled > 0 && !isLive(state) ? (
            <Button
              size="sm"
              disabled={pending}
              onClick={() => act(() => resumeCollection({ collectionId }), again)}
            >
              Go on
            </Button>
          ) : null
        }
      />
      {endReason === null ? null : (
        <RaiseBudget
          budget={budget}
          pending={pending}
          onRaise={(raised) => act(() => raiseBudget({ collectionId, budget: raised }), again)}
        />
      )}
      <CollectionOutcome collection={collection} progress={progress} free={policy.kind !== "openai"} />
      {children}
    </div>
  );
}

/** What to do with what was recorded: failures of an expert are mined, an agent's successes looked at. */
function NextStep({ collection, progress }: Pick<CollectionView, "collection" | "progress">) {
  const { environmentId, source, checkpoint, state } = collection;
  const failed = progress.episodes.completed - progress.succeeded;
  const variant = isLive(state) ? "secondary" : "primary";
  const by = new URLSearchParams({ environment: String(environmentId), model: checkpoint });
  if (source === "expert" && failed > 0)
    return (
      <ButtonLink href={`/runs/new?${by}`} variant={variant}>
        Mine the failures
      </ButtonLink>
    );
  by.set("source", source);
  by.set("outcome", "any");
  if (progress.episodes.completed === 0) return null;
  return (
    <ButtonLink href={`/trajectories?${by}`} variant={variant}>
      See its trajectories
    </ButtonLink>
  );
}

function CollectionFacts({ collection, policy }: Pick<CollectionView, "collection" | "policy">) {
  const budget = budgetWords(collection);
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <CollectionStateBadge {...collection} />
      <Facts>
        <Fact name="policy">
          {policy.name} ({collection.checkpoint}), as {collection.source}
        </Fact>
        <Fact name="environment">
          <Link href={`/environments/${collection.environmentId}`} className="underline underline-offset-2">
            {collection.environment}
          </Link>
        </Fact>
        <Fact name="set-up">{configWords(collection)}</Fact>
        {budget === null ? null : <Fact name="budget">{budget}</Fact>}
        <Fact name="by">{collection.createdBy}</Fact>
        <Fact name="created">
          <Time at={collection.createdAt} />
        </Fact>
      </Facts>
    </div>
  );
}
