"use client";
import { useQuery } from "@tanstack/react-query";
import { RunMore } from "@/components/run/run-more";
import { moreQuery } from "../queries";

const MORE = 100;

/** What more rollouts would buy: it follows from all evidence of the run, so the page does not wait for it. */
export function MorePart({ runId }: { runId: number }) {
  const { data } = useQuery(moreQuery(runId, MORE));
  return data ? <RunMore bought={data} budget={MORE} /> : null;
}
