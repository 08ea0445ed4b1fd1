import { z } from "zod";
import { openApiDocument } from "@/lib/api/openapi";

const Schema = z.record(z.string(), z.unknown());
const Document = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        operationId: z.string(),
        responses: z.record(z.string(), z.looseObject({ content: z.unknown().optional() })),
      }),
    ),
  ),
  components: z.object({
    schemas: z.record(z.string(), Schema),
    responses: z.record(
      z.string(),
      z.object({ content: z.object({ "application/json": z.object({ schema: Schema }) }) }),
    ),
  }),
});
const Content = z.record(z.string(), z.object({ schema: Schema }));

const { paths, components } = Document.parse(openApiDocument());

/** What the published document, read as a client would, says of an answer: null where it fits, else what is wrong. */
export function publishedMisfit(
  path: string,
  method: string,
  status: number,
  answer: unknown,
): string | null {
  const operation = paths[path]?.[method.toLowerCase()];
  const others = `${Math.floor(status / 100)}XX`;
  const response = operation?.responses[String(status)] ?? operation?.responses[others];
  if (!response) return `${method} ${path} publishes no answer ${status}`;
  const shared = (components.responses[String(status)] ?? components.responses[others])?.content;
  const [content] = Object.values(Content.parse(response.content ?? shared));
  const text = JSON.stringify({ ...content?.schema, $defs: components.schemas });
  const schema = z.fromJSONSchema(JSON.parse(text.replaceAll('"#/components/schemas/', '"#/$defs/')));
  const read = schema.safeParse(answer);
  return read.success ? null : z.prettifyError(read.error);
}
