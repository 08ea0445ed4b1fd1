import { trajectorySorts } from "@/lib/core/rows";
import { createQueue, listQueues, QueueInput, queueView } from "@/lib/usecases/queues";
import type { Context } from "./commands";
import { environmentNamed } from "./setup";
import { oneOf, rate, readArguments, required, say, wholeNumber } from "./terminal";

/** Lists review queues, makes one of what a run has looked at, or says how far one is and how well people agree. */
export async function queue({ deps, person, terminal }: Context, args: string[]): Promise<void> {
  const { values, positionals } = readArguments(args, {
    run: { type: "string" },
    environment: { type: "string" },
    sort: { type: "string" },
    reviewers: { type: "string" },
    blind: { type: "string" },
    gold: { type: "string" },
    seed: { type: "string" },
    people: { type: "string" },
  });
  if (positionals[0] === "show") {
    const queueId = required("QUEUE", wholeNumber("QUEUE", positionals[1]));
    const view = await queueView(deps, queueId);
    return say(terminal, view, JSON.stringify(view, null, 2));
  }
  if (positionals[0] === "new") {
    const environmentId =
      values.environment === undefined ? null : await environmentNamed(deps, values.environment);
    const runId = wholeNumber("run", values.run) ?? null;
    const input = QueueInput.parse({
      name: required("NAME", positionals[1]),
      filter: { source: "expert", success: false, environmentId, runId },
      sort: oneOf("sort", values.sort, trajectorySorts),
      reviewers: wholeNumber("reviewers", values.reviewers),
      blindShare: rate("blind", values.blind),
      gold: wholeNumber("gold", values.gold),
      seed: wholeNumber("seed", values.seed),
      people: values.people?.split(",").filter((name) => name.trim() !== ""),
    });
    const row = await createQueue(deps, person.personId, input);
    return say(terminal, row, `review queue ${row.queueId}: ${row.items} trajectories`);
  }
  const { rows } = await listQueues(deps, null);
  const line = (r: (typeof rows)[number]) =>
    `${r.queueId}  ${r.name}  ${r.complete} of ${r.items} complete, ${r.disputed} disputed`;
  say(terminal, rows, rows.map(line).join("\n") || "no review queues yet");
}
