import { z } from "zod";
import { MOST_EPISODES, type CollectionConfig } from "@/lib/core/collection";
import { AppError } from "@/lib/core/errors";
import type { Tx } from "./client";
import { Prisma } from "./generated/client";
import { read } from "./rows";
import { chosenSubtasks, demandKnownKeys } from "./subtask-choice";

const Planned = z.object({ subtasks: z.number(), episodes: z.number() });

/**
 * Queues the episodes of a new collection, in the order they are played: every subtask once before any is played again,
 * so that a budget that does not suffice still covers as many subtasks as it can.
 * @throws AppError not_found for a name that is no subtask, invalid_input when nothing or too much is chosen
 */
export async function planEpisodes(
  tx: Tx,
  collectionId: number,
  environmentId: number,
  { choice, attempts }: Pick<CollectionConfig, "choice" | "attempts">,
): Promise<void> {
  await demandKnownKeys(tx, environmentId, choice);
  const [planned] = await read(
    tx,
    Planned,
    Prisma.sql`with chosen as materialized (
        select id, row_number() over (order by place) - 1 as place
        from (${chosenSubtasks(environmentId, choice)}) as listed
      ), total as (
        select count(*) as subtasks from chosen
      ), planned as (
        insert into collection_episode (collection_id, position, subtask_id, attempt)
        select ${collectionId}::int, attempt * subtasks + place, id, attempt
        from chosen, total, generate_series(0, ${attempts - 1}::int) as attempt
        where subtasks * ${attempts}::int <= ${MOST_EPISODES}::int
        order by 2 returning id
      )
      select subtasks::int, (select count(*)::int from planned) as episodes from total`,
  );
  const { subtasks = 0, episodes = 0 } = planned ?? {};
  if (subtasks === 0)
    throw new AppError("invalid_input", "no subtask of the environment is chosen", {
      fix: "choose another split, task type or range; an import alone gives an environment no subtasks to play",
    });
  if (episodes === 0)
    throw new AppError(
      "invalid_input",
      `${subtasks} subtasks with ${attempts} attempts each are more than ${MOST_EPISODES.toLocaleString("en")} episodes`,
      { fix: "choose fewer, and collect the rest afterwards" },
    );
}
