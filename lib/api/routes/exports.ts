import { z } from "zod";
import {
  cancelExport,
  datasetExport,
  datasetExports,
  prepareExport,
  preparedExport,
  removeExport,
} from "@/lib/usecases/dataset-exports";
import { exportType } from "@/lib/usecases/exports";
import { Id, pageOf } from "../answers";
import { ExportAnswer } from "../export-answers";
import { fileAnswer } from "../file-answer";
import { file, json, none } from "../route";

const ExportInput = z.strictObject({ format: z.string().max(50).describe("One of `/export-formats`.") });

const example: { body: z.input<typeof ExportInput> } = { body: { format: "openai" } };

export const exportRoutes = {
  prepareExport: json({
    method: "POST",
    path: "/datasets/{datasetId}/exports",
    summary: "Have a dataset’s folder written to a file",
    about:
      "For large datasets: the export then says the file’s size and checksum, and the download can be resumed. A worker writes it; asked again, it is the same file.",
    scope: "write",
    ...{ params: { datasetId: Id }, query: {}, body: ExportInput, example },
    status: 202,
    says: "The export",
    answer: ExportAnswer,
    run: ({ deps, person }, { params, body }) => prepareExport(deps, person.personId, { ...params, ...body }),
  }),
  listExports: json({
    method: "GET",
    path: "/datasets/{datasetId}/exports",
    summary: "The exports of a dataset that were prepared or are being prepared, newest first",
    scope: "read",
    ...{ params: { datasetId: Id }, query: {}, body: none },
    says: "The exports",
    answer: pageOf(ExportAnswer),
    run: async ({ deps }, { params }) => ({ rows: await datasetExports(deps, params.datasetId), next: null }),
  }),
  getExport: json({
    method: "GET",
    path: "/exports/{exportId}",
    summary: "How far an export is",
    scope: "read",
    ...{ params: { exportId: Id }, query: {}, body: none },
    says: "The export",
    answer: ExportAnswer,
    run: ({ deps }, { params }) => datasetExport(deps, params.exportId),
  }),
  downloadExport: file({
    method: "GET",
    path: "/exports/{exportId}/file",
    summary: "Download a prepared export",
    about:
      "With its SHA-256 as a strong ETag; its size is `bytes` of the export, there is no Content-Length. One Range of bytes is answered with 206 (416 where the file ends before it), If-Range and If-None-Match are honoured, and HEAD answers the headers alone: what broke off goes on where it stopped (curl -C -).",
    scope: "read",
    ...{ params: { exportId: Id }, query: {}, body: none },
    says: "The folder as a zip",
    types: ["application/zip"],
    also: {
      206: { says: "The range of it that was asked for", bytes: true },
      304: { says: "It is what `If-None-Match` names" },
      412: { says: "It is not what `If-Match` names" },
      416: { says: "It ends before the range; `Content-Range` says where" },
    },
    async run({ deps }, { params }, request) {
      const prepared = await preparedExport(deps, params.exportId);
      return fileAnswer(request, { ...prepared, type: exportType(prepared.fileName) });
    },
  }),
  cancelExport: json({
    method: "POST",
    path: "/exports/{exportId}/cancel",
    summary: "End an export that is not over",
    scope: "write",
    ...{ params: { exportId: Id }, query: {}, body: none },
    says: "The export",
    answer: ExportAnswer,
    run: ({ deps }, { params }) => cancelExport(deps, params.exportId),
  }),
  removeExport: json({
    method: "POST",
    path: "/exports/{exportId}/remove",
    summary: "Remove an export that is over, and its file",
    scope: "write",
    ...{ params: { exportId: Id }, query: {}, body: none },
    says: "Which one was removed",
    answer: z.object({ exportId: Id }).meta({ id: "RemovedExport" }),
    async run({ deps }, { params }) {
      await removeExport(deps, params.exportId);
      return params;
    },
  }),
};
