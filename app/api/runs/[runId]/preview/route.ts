import { z } from "zod";
import { parsed } from "@/lib/server/action";
import { previewRule } from "@/lib/server/reads";
import { defineRoute } from "@/lib/server/route";
import { RuleQuery } from "@/lib/server/runs";

const Params = z.object({ runId: z.coerce.number().int().positive() });

/** What a rule would make of a run's evidence, for `?alpha=…&minAttempts=…&ruleVersion=…`; nothing is stored. */
export const GET = defineRoute<z.input<typeof Params>>(async (request, params) => {
  const rule = parsed(RuleQuery, Object.fromEntries(request.nextUrl.searchParams));
  return Response.json(await previewRule(parsed(Params, params).runId, rule));
});
