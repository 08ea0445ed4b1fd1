import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import {
  passageOf,
  saidIn,
  searchedCharacters,
  searchProblem,
  wordsOf,
  type FoundPassage,
} from "@/lib/core/words";
import type { TrajectoryDraft } from "@/lib/core/trajectory";
import type { Writes } from "./bulk";
import type { Db } from "./client";
import { spreadIds } from "./few-ids";
import { Prisma } from "./generated/client";
import { possibleIds } from "./ids";
import { read } from "./rows";
import { demandStorable } from "./text";

/** One trajectory of so many has this for a word: a sample that the index of words answers by itself. */
const ONE_OF = 64;
const SAMPLED = "#";
/** Up to so many trajectories are fetched and then sorted. */
const FEW = 5000;
/** The ids of up to so many are held against the list as it is walked; more are met sooner than that takes. */
const SOME = 40_000;

/** So many trajectories, spread over all, tell whether words are frequent: where so many of these say them. */
const SPREAD = 100;
const FREQUENT = 8;

/** Words looked for in steps, ready to be put into SQL, and how many trajectories hold them all. */
export type Saying = { query: string; amount: "few" | "some" | "many" };

/** The words of a search. @throws AppError invalid_input for a text without words, too long, or of too many words */
export function searchedWords(said: string): string[] {
  demandStorable(said, "the words to find");
  const problem = searchProblem(said);
  if (problem) throw new AppError("invalid_input", problem.message, { fix: problem.fix });
  return wordsOf(said);
}

/**
 * Whether few or many trajectories hold all words, told from the sample: an index of words answers neither in order nor
 * up to a limit, so that what holds a frequent word must not be asked of it.
 */
export async function sayingOf(db: Db, said: string): Promise<Saying> {
  const query = inQuery(searchedWords(said));
  // The index reads all that hold a frequent word, also of a sample: some that are the same each time are asked first.
  if (await isFrequent(db, query)) return { query, amount: "many" };
  const sample = `${inQuery([SAMPLED])} & ${query}`;
  const [found] = await read(
    db,
    z.object({ sampled: z.number() }),
    Prisma.sql`select cardinality(trajectories_saying(${sample}::tsquery, ${SOME / ONE_OF + 1}::int)) as sampled`,
  );
  const estimate = (found?.sampled ?? 0) * ONE_OF;
  return { query, amount: estimate <= FEW ? "few" : estimate <= SOME ? "some" : "many" };
}

async function isFrequent(db: Db, query: string): Promise<boolean> {
  const [found] = await read(
    db,
    z.object({ frequent: z.boolean() }),
    Prisma.sql`select count(*) >= ${FREQUENT}::int as frequent from unnest(${spreadIds(SPREAD)}) spread(id)
      where (select x.words @@ ${query}::tsquery from trajectory_text x where x.trajectory_id = spread.id)`,
  );
  return found?.frequent ?? false;
}

/** Words hold letters and digits only, and nothing that a query could read as its own. */
const inQuery = (words: string[]) => words.map((word) => `'${word}'`).join(" & ");

/**
 * Few are fetched by the index of words; of many the words are looked at as the list is walked, which takes reading them:
 * after all else, where ids are compared before anything is joined.
 * @param id whose trajectories: the column of what is walked
 */
export function saidCondition({ query, amount }: Saying, id: Prisma.Sql): Prisma.Sql {
  // Selected on its own it is asked once, not by the planner as well; as an array no plan begins with all other trajectories.
  const ids = Prisma.sql`(select trajectories_saying(${query}::tsquery, null))`;
  if (amount === "few") return Prisma.sql`t.id = any(${ids}::int[])`;
  // As a truth value it is no join: the ids are hashed once, and each row walked is held against them.
  if (amount === "some") return Prisma.sql`(${id} in (select unnest(${ids}))) is true`;
  return Prisma.sql`(select x.words @@ ${query}::tsquery from trajectory_text x where x.trajectory_id = t.id)`;
}

/** Those of the sample only, which holds as many as a count goes to where the word is frequent. */
export const saidSample = ({ query }: Saying): Saying => ({
  query: `${inQuery([SAMPLED])} & ${query}`,
  amount: "few",
});

/** The words trajectories are searched by, as the database reads them, in its order: words hold no quotes. */
export const searchedBy = ({ steps }: Pick<TrajectoryDraft, "steps">): string =>
  saidIn(steps)
    // What is in order already it need not sort.
    .sort()
    .map((word) => `'${word}'`)
    .join(" ");

/** Stores what trajectories are searched by; `words` as `searchedBy` gives them. */
export async function insertWords(tx: Writes, stored: { id: number; words: string }[]): Promise<void> {
  const rows = stored.map(({ id, words }) => ({
    id,
    words: id % ONE_OF === 0 ? `'${SAMPLED}' ${words}` : words,
  }));
  if (tx.copy)
    return tx.copy(
      "trajectory_text (trajectory_id, words)",
      rows.map(({ id, words }) => [id, words]),
    );
  await tx.$executeRaw`insert into trajectory_text (trajectory_id, words) select id, words::tsvector
    from unnest(${rows.map(({ id }) => id)}::int[], ${rows.map(({ words }) => words)}::text[]) as given(id, words)`;
}

const Candidate = z.object({
  trajectoryId: z.number(),
  stepIndex: z.number(),
  action: z.string(),
  thought: z.string().nullable(),
  observation: z.string(),
});

/**
 * Where each of some trajectories says the words: the first step with the longest of them, of these one with as many of
 * the others as there is.
 */
export async function passagesIn(db: Db, trajectoryIds: number[], said: string): Promise<FoundPassage[]> {
  const words = searchedWords(said).sort((a, b) => b.length - a.length);
  const [longest, ...others] = words;
  if (longest === undefined || trajectoryIds.length === 0) return [];
  const { action, thought, observation, steps } = searchedCharacters;
  const text = Prisma.sql`lower(left(action, ${action}::int) || ' ' || left(coalesce(thought, ''), ${thought}::int)
    || ' ' || left(observation, ${observation}::int))`;
  const more = others.map((word) => Prisma.sql`(strpos(text, ${word}) > 0)::int`);
  const order = more.length === 0 ? Prisma.empty : Prisma.sql`${Prisma.join(more, " + ")} desc,`;
  const candidates = await read(
    db,
    Candidate,
    Prisma.sql`select given.id as "trajectoryId", found.* from unnest(${possibleIds(trajectoryIds)}::int[]) given(id)
      cross join lateral (
        select step_index as "stepIndex", left(action, ${action}::int) as action,
          left(thought, ${thought}::int) as thought, left(observation, ${observation}::int) as observation
        from step cross join lateral (select ${text} as text) low
        where trajectory_id = given.id and step_index < ${steps}::int
          and case when strpos(text, ${longest}) > 0 then text ~ ${asWord(longest)} end
        order by ${order} step_index limit 1) found`,
  );
  return candidates.flatMap(({ trajectoryId, stepIndex, ...step }) => {
    const passage = passageOf(step, words);
    return passage ? [{ trajectoryId, stepIndex, ...passage }] : [];
  });
}

/** Words hold no character that means something to a regular expression; a cut one may go on. */
const asWord = (word: string) => `(^|[^[:alnum:]])${word}${word.length < 64 ? "([^[:alnum:]]|$)" : ""}`;
