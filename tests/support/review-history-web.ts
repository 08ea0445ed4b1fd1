import { createServer, type IncomingMessage } from "node:http";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { ReviewRows } from "@/lib/core/review-rows";
import { createStore } from "@/lib/store/store";
import { ReviewInput, reviewStep } from "@/lib/usecases/reviews";
import { reviewRows } from "@/lib/usecases/trajectories";
import { whenParentIsGone } from "./kill-loop-parent";

/**
 * What a web process does of a review, without the pages: shows a trajectory's page and takes decisions by HTTP, through
 * the use cases that the product's own action calls. It answers with no more than the versions a page shows.
 */
whenParentIsGone(() => process.exit());
const store = createStore(process.env.DATABASE_URL ?? "");

const Asked = z.object({ personId: z.number(), input: ReviewInput });

/** Newest version of each target that somebody decided on, by target and index. */
function versionsOf({ decisions, solutions }: ReviewRows): Record<string, number> {
  return Object.fromEntries([
    ...decisions.map(({ stepIndex, decision }) => [`step ${stepIndex}`, decision.version]),
    ...solutions.map(({ stateIndex, decision }) => [`solution ${stateIndex}`, decision.version]),
  ]);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

async function answer(request: IncomingMessage): Promise<unknown> {
  if (request.method === "POST") {
    const { personId, input } = Asked.parse(JSON.parse(await bodyOf(request)));
    return { versions: versionsOf(await reviewStep({ store }, personId, input)) };
  }
  const asked = new URL(request.url ?? "", "http://web").searchParams;
  const rows = await reviewRows({ store }, Number(asked.get("trajectory")), Number(asked.get("run")));
  return { versions: versionsOf(rows) };
}

const server = createServer((request, response) => {
  const send = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body));
  answer(request).then(
    (body) => send(200, body),
    (error: unknown) => {
      if (error instanceof AppError && error.code !== "internal")
        send(409, { code: error.code, message: error.message });
      else send(500, { code: "internal", message: String(error).slice(0, 200) });
    },
  );
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(`ready ${typeof address === "object" ? address?.port : ""}`);
});
