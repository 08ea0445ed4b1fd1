import { z } from "zod";
import { parsed } from "@/lib/server/action";
import { defineRoute } from "@/lib/server/route";
import { runEvents } from "@/lib/server/run-events";

const Params = z.object({ runId: z.coerce.number().int().positive() });

/** A run as it goes on: server-sent events, each the answer of `GET /api/runs/ID`, the last followed by `over`. */
export const GET = defineRoute<z.input<typeof Params>>((request, params) =>
  runEvents(parsed(Params, params).runId, request.signal),
);
