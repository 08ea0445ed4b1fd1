import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { exportStates, isExportOpen, type DatasetExportRow } from "@/lib/core/dataset-export";
import { fetchJson } from "../../queries";

const at = z.coerce.date();

const Export: z.ZodType<DatasetExportRow> = z.object({
  exportId: z.number(),
  datasetId: z.number(),
  dataset: z.string(),
  format: z.string(),
  version: z.string(),
  fileName: z.string(),
  state: z.enum(exportStates),
  examples: z.number(),
  exampleCount: z.number(),
  bytes: z.number(),
  sha256: z.string().nullable(),
  expiresAt: at.nullable(),
  error: z.object({ code: z.string(), message: z.string(), fix: z.string().nullable() }).nullable(),
  createdBy: z.string(),
  createdAt: at,
  startedAt: at.nullable(),
  finishedAt: at.nullable(),
});

const LIVE_MS = 1000;

/** The prepared exports of a dataset, asked for every second while one is being written. */
export function exportsQuery(datasetId: number) {
  return queryOptions({
    queryKey: ["dataset", datasetId, "exports"],
    queryFn: ({ signal }) => fetchJson(`/api/datasets/${datasetId}/exports`, z.array(Export), signal),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.some((row) => isExportOpen(row.state)) ? LIVE_MS : false),
  });
}
