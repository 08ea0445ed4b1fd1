import { z } from "zod";
import { exportStates } from "@/lib/core/dataset-export";
import { Count, Id } from "./answers";

export const ExportAnswer = z
  .object({
    exportId: Id,
    datasetId: Id,
    format: z.string(),
    version: z.string().describe("The version of Gleaner that writes it."),
    fileName: z.string(),
    state: z.enum(exportStates).describe("Poll until it is not `queued` or `running`."),
    examples: Count.describe("Written so far, of `exampleCount`."),
    exampleCount: Count,
    bytes: Count.describe("Written so far; the size of the file once it is done."),
    sha256: z.string().nullable().describe("Of the whole file, in hex; null until it is done."),
    expiresAt: z.date().nullable().describe("When the file is removed; a download puts it off."),
    error: z
      .object({ code: z.string(), message: z.string(), fix: z.string().nullable() })
      .nullable()
      .describe("Why it failed; null otherwise."),
    createdBy: z.string(),
    createdAt: z.date(),
    startedAt: z.date().nullable(),
    finishedAt: z.date().nullable(),
  })
  .meta({ id: "DatasetExport" });
