import { z } from "zod";
import { DatasetCard } from "@/lib/core/dataset";
import { datasetSplits, type DatasetSplit } from "@/lib/core/dataset-split";
import { Example } from "@/lib/core/example";
import type { DatasetRow } from "@/lib/core/rows";
import {
  curateDataset,
  DatasetInput,
  getDataset,
  listDatasets,
  previewDataset,
} from "@/lib/usecases/datasets";
import { datasetPart } from "@/lib/usecases/dataset-part";
import type { Deps } from "@/lib/usecases/deps";
import {
  exportDataset,
  exportFormats,
  exportParts,
  exportType,
  exportTypes,
  exportZip,
  type ExportPart,
} from "@/lib/usecases/exports";
import { Id, paged, pageOf } from "../answers";
import { DatasetAnswer, DatasetPreviewAnswer, FormatAnswer } from "../dataset-answers";
import { lineStream } from "../lines";
import { placeIn } from "../place";
import { file, json, none } from "../route";

const example: { body: z.input<typeof DatasetInput> } = {
  body: { name: "first set", selection: { filter: { runId: 1 } }, runId: 1, reviewPolicy: "approved" },
};

const withCard = (row: DatasetRow) => ({ ...row, card: DatasetCard.parse(row.card) });

export const datasetRoutes = {
  previewDataset: json({
    method: "POST",
    path: "/datasets/preview",
    summary: "What a dataset would hold",
    about: "Nothing is frozen. Takes what freezing one takes.",
    scope: "read",
    ...{ params: {}, query: {}, body: DatasetInput, example },
    says: "Its card and its content hash",
    answer: DatasetPreviewAnswer,
    run: ({ deps }, { body }) => previewDataset(deps, body),
  }),
  freezeDataset: json({
    method: "POST",
    path: "/datasets",
    summary: "Freeze a dataset",
    about: "Its examples are stored as they are now and never change.",
    scope: "write",
    ...{ params: {}, query: {}, body: DatasetInput, example },
    status: 201,
    says: "The dataset",
    answer: DatasetAnswer,
    run: async ({ deps, person }, { body }) => withCard(await curateDataset(deps, person.personId, body)),
  }),
  listDatasets: json({
    method: "GET",
    path: "/datasets",
    summary: "Datasets, newest first",
    scope: "read",
    ...{ params: {}, query: paged, body: none },
    says: "A page of datasets",
    answer: pageOf(DatasetAnswer),
    async run({ deps }, { query }) {
      const { rows, next } = await listDatasets(deps, query.cursor, query.limit);
      return { rows: rows.map(withCard), next };
    },
  }),
  getDataset: json({
    method: "GET",
    path: "/datasets/{datasetId}",
    summary: "A dataset, what is in it, what is out and why",
    scope: "read",
    ...{ params: { datasetId: Id }, query: {}, body: none },
    says: "The dataset",
    answer: DatasetAnswer,
    run: async ({ deps }, { params }) => withCard(await getDataset(deps, params.datasetId)),
  }),
  listExamples: json({
    method: "GET",
    path: "/datasets/{datasetId}/examples",
    summary: "The examples of a dataset, in order, each with its loss mask and where it comes from",
    scope: "read",
    ...{ params: { datasetId: Id }, query: paged, body: none },
    says: "A page of examples",
    answer: pageOf(Example.extend({ split: z.enum(datasetSplits) })),
    async run({ deps }, { params: { datasetId }, query }) {
      await getDataset(deps, datasetId);
      const part = await datasetPart(deps, datasetId, { from: placeIn(query.cursor), limit: query.limit });
      return {
        rows: part.rows.map(({ split, example }) => ({ split, ...example })),
        next: part.next === null ? null : String(part.next),
      };
    },
  }),
  exportDataset: file({
    method: "GET",
    path: "/datasets/{datasetId}/export",
    summary: "Download a dataset in a trainer's format",
    about:
      "Streamed; the same dataset always gives the same bytes. It cannot be resumed: for a large dataset, prepare an export.",
    scope: "read",
    params: { datasetId: Id },
    query: {
      format: z.string().max(50).describe("One of `/export-formats`."),
      part: z
        .enum(["folder", ...exportParts])
        .default("folder")
        .describe("The folder as a zip, or one plain file of it."),
      split: z
        .enum(datasetSplits)
        .optional()
        .describe("Of a plain file; both, one after the other, without it."),
    },
    body: none,
    example: { query: { format: "openai" } },
    says: "The rows, or where each of them comes from",
    types: exportTypes,
    async run({ deps }, { params: { datasetId }, query: { format, part, split } }) {
      const { fileName, body } =
        part === "folder"
          ? await exportZip(deps, datasetId, format)
          : await plainFile(deps, datasetId, { format, part, split });
      return new Response(body, {
        headers: {
          "Content-Type": exportType(fileName),
          "Content-Disposition": `attachment; filename="dataset-${datasetId}.${format}.${fileName}"`,
          "X-Content-Type-Options": "nosniff",
          "Accept-Ranges": "none",
        },
      });
    },
  }),
  listExportFormats: json({
    method: "GET",
    path: "/export-formats",
    summary: "The formats a dataset can be downloaded in",
    scope: "read",
    ...{ params: {}, query: {}, body: none },
    says: "The formats",
    answer: pageOf(FormatAnswer),
    run: async () => ({ rows: exportFormats(), next: null }),
  }),
};

type Asked = { format: string; part: ExportPart; split: DatasetSplit | undefined };

async function plainFile(deps: Deps, datasetId: number, { format, part, split }: Asked) {
  const { fileName, bytes } = await exportDataset(deps, datasetId, format, part, split);
  return { fileName, body: await lineStream(bytes) };
}
