"use client";
import { useQuery } from "@tanstack/react-query";
import type { RunProgress, RunRow } from "@/lib/core/rows";
import { RunLine } from "@/components/run/run-table";
import { isLive } from "@/components/run/run-words";
import { runQuery } from "./queries";

/** A line of the list that moves by itself while its run does. */
export function LiveRunLine({ run, progress }: { run: RunRow; progress: RunProgress }) {
  const { data } = useQuery({ ...runQuery(run.runId), enabled: isLive(run.state) });
  const waiting = data?.condition?.kind === "waiting";
  return <RunLine run={data?.run ?? run} progress={data?.progress ?? progress} waiting={waiting} />;
}
