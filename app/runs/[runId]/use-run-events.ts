"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { readRunEvent, runQuery } from "../queries";

/**
 * Follows a run by its events, into the query of the run.
 * @returns whether they arrive; while they do not, the query has to ask
 */
export function useRunEvents(runId: number, live: boolean): boolean {
  const client = useQueryClient();
  const [told, setTold] = useState(false);
  useEffect(() => {
    if (!live) return;
    const source = new EventSource(`/api/runs/${runId}/events`);
    source.onmessage = ({ data }) => {
      const view = readRunEvent(String(data));
      setTold(view !== null);
      if (view) client.setQueryData(runQuery(runId).queryKey, view);
    };
    // It comes back by itself; until then the query asks.
    source.onerror = () => setTold(false);
    source.addEventListener("over", () => {
      source.close();
      setTold(false);
    });
    return () => {
      source.close();
      // What the last event said may not be the end: the page can hear of that before.
      setTold(false);
    };
  }, [client, runId, live]);
  return told;
}
