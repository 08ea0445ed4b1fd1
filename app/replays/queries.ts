import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { verificationOutcomes, verificationStates, type VerificationRow } from "@/lib/core/rows";
import { fetchJson } from "../queries";

const Verification: z.ZodType<VerificationRow> = z.object({
  verificationId: z.number(),
  state: z.enum(verificationStates),
  createdBy: z.string(),
  createdAt: z.coerce.date(),
  finishedAt: z.coerce.date().nullable(),
  outcomes: z.record(z.enum(verificationOutcomes), z.number()),
});

const LIVE_MS = 1000;

/** How far a verification is, asked for every second while it runs. */
export function verificationQuery(verificationId: number) {
  return queryOptions({
    queryKey: ["verification", verificationId],
    queryFn: ({ signal }) => fetchJson(`/api/replays/${verificationId}`, Verification, signal),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data && state.data.state !== "running" ? false : LIVE_MS),
  });
}
