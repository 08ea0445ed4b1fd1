"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { RunLimits } from "@/components/run/run-limits";
import { limitsQuery, type RunView } from "../queries";

/** What became of the calls at once while the run lasted; read again when it changed. */
export function LimitsPart({ run, endpoint, now }: Pick<RunView, "run" | "endpoint"> & { now: Date }) {
  const { data } = useQuery({
    ...limitsQuery(run.runId, endpoint?.changedAt.getTime() ?? 0),
    enabled: endpoint !== null,
    placeholderData: keepPreviousData,
  });
  if (!data || data.length === 0) return null;
  return <RunLimits changes={data} until={run.finishedAt ?? now} />;
}
