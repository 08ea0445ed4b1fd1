import "server-only";
import { z } from "zod";
import { fileAnswer } from "@/lib/api/file-answer";
import * as prepared from "@/lib/usecases/dataset-exports";
import { exportType } from "@/lib/usecases/exports";
import { defineAction } from "./action";
import { deps } from "./deps";

const Id = z.number().int().positive();
const ExportId = z.strictObject({ exportId: Id });

/** The prepared exports of a dataset. */
export const datasetExports = (datasetId: number) => prepared.datasetExports(deps(), datasetId);

/** Has a folder written to a file by a worker. */
export const prepareExport = defineAction(
  z.strictObject({ datasetId: Id, format: z.string().max(50) }),
  async (input, person) => {
    const { exportId } = await prepared.prepareExport(deps(), person.personId, input);
    return { exportId };
  },
);

export const cancelExport = defineAction(ExportId, async ({ exportId }) => {
  await prepared.cancelExport(deps(), exportId);
});

export const removeExport = defineAction(ExportId, async ({ exportId }) => {
  await prepared.removeExport(deps(), exportId);
});

/** The file of an export of a dataset, or the part of it that was asked for. @throws AppError not_found, conflict */
export async function preparedFile(request: Request, datasetId: number, exportId: number): Promise<Response> {
  const file = await prepared.preparedExport(deps(), exportId, datasetId);
  return fileAnswer(request, { ...file, type: exportType(file.fileName) });
}
