import "server-only";
import { z } from "zod";
import { fileAnswer } from "@/lib/api/file-answer";
import * as exports from "@/lib/usecases/dataset-exports";
import { exportType } from "@/lib/usecases/exports";
import { defineAction } from "./action";
import { deps } from "./deps";

const Id = z.number().int().positive();
const ExportId = z.strictObject({ exportId: Id });

/** The prepared exports of a dataset. */
export const datasetExports = (datasetId: number) => exports.datasetExports(deps(), datasetId);

/** Has a folder written to a file by a worker. */
export const prepareExport = defineAction(
  z.strictObject({ datasetId: Id, format: z.string().max(50) }),
  async (input, person) => {
    const { exportId } = await exports.prepareExport(deps(), person.personId, input);
    return { exportId };
  },
);

export const cancelExport = defineAction(ExportId, async ({ exportId }) => {
  await exports.cancelExport(deps(), exportId);
});

export const removeExport = defineAction(ExportId, async ({ exportId }) => {
  await exports.removeExport(deps(), exportId);
});

/** The file of an export of a dataset, or the part of it that was asked for. @throws AppError not_found, conflict */
export async function preparedFile(request: Request, datasetId: number, exportId: number): Promise<Response> {
  const prepared = await exports.preparedExport(deps(), exportId, datasetId);
  return fileAnswer(request, { ...prepared, type: exportType(prepared.fileName) });
}
