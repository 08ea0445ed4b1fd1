import { z } from "zod";
import { DatasetCard } from "@/lib/core/dataset";
import { reviewPolicies } from "@/lib/core/rows";
import { Count, Id } from "./answers";

export const DatasetAnswer = z
  .object({
    datasetId: Id,
    name: z.string(),
    version: z.number().int(),
    contentHash: z.string(),
    reviewPolicy: z.enum(reviewPolicies),
    card: DatasetCard,
    exampleCount: Count,
    createdBy: z.string(),
    createdAt: z.date(),
  })
  .meta({ id: "Dataset" });

export const DatasetPreviewAnswer = z
  .object({ card: DatasetCard, contentHash: z.string() })
  .meta({ id: "DatasetPreview" });

export const FormatAnswer = z
  .object({ format: z.string(), title: z.string(), mask: z.string().describe("How it keeps the loss mask.") })
  .meta({ id: "ExportFormat" });
