import { z } from "zod";
import { Defaults, importView, listImports } from "@/lib/usecases/imports";
import { Id, ImportAnswer, paged, pageOf, PreviewAnswer, RejectionAnswer } from "../answers";
import { json, none, upload, type IncomingFile } from "../route";

/** What an address says of a file that is sent to it. */
const about = {
  fileName: z.string().trim().min(1).max(300).describe("What it is shown as."),
  ...Defaults.shape,
  checkpoint: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .nullable()
    .default(null)
    .describe("Of a file of evidence: who acted, where its lines do not say it."),
  alpha: z.number().min(0).max(1).default(0).describe("Of a file of evidence: least P for a verdict."),
};
type About = z.output<z.ZodObject<typeof about>>;

const incoming = ({ fileName, checkpoint, alpha, ...defaults }: About): IncomingFile => ({
  fileName,
  defaults,
  evidence: { checkpoint, alpha },
});

const example = { query: { fileName: "episodes.jsonl" } };

export const importRoutes = {
  previewImport: upload({
    method: "POST",
    path: "/imports/preview",
    summary: "What a file would give",
    about: "The body is the file itself. Nothing is stored. Its beginning is enough.",
    scope: "read",
    ...{ params: {}, query: about, body: none, example },
    says: "What was understood",
    answer: PreviewAnswer,
    run: ({ intake }, { query, file }) => intake.preview(file, incoming(query)),
  }),
  createImport: upload({
    method: "POST",
    path: "/imports",
    summary: "Store a file of trajectories or of evidence",
    about:
      "The body is the file itself, streamed; its kind and format are detected. Storing goes on after the answer: read the import until its state is not `storing`. Content that is there already is counted, not stored again, so the same file can be sent twice.",
    scope: "write",
    ...{ params: {}, query: about, body: none, example },
    status: 202,
    says: "The import that has begun",
    answer: ImportAnswer,
    run: ({ intake, person }, { query, file }) => intake.store(file, incoming(query), person),
  }),
  listImports: json({
    method: "GET",
    path: "/imports",
    summary: "Imports, newest first",
    scope: "read",
    ...{ params: {}, query: paged, body: none },
    says: "A page of imports",
    answer: pageOf(ImportAnswer),
    run: ({ deps }, { query }) => listImports(deps, query.cursor, query.limit),
  }),
  getImport: json({
    method: "GET",
    path: "/imports/{importId}",
    summary: "An import, and its rejected lines",
    about: "`cursor` goes on with the rejected lines.",
    scope: "read",
    ...{ params: { importId: Id }, query: paged, body: none },
    says: "The import",
    answer: z.object({ import: ImportAnswer, rejections: pageOf(RejectionAnswer) }),
    async run({ deps }, { params, query }) {
      const { row, rejections } = await importView(deps, params.importId, query.cursor, query.limit);
      return { import: row, rejections };
    },
  }),
};
