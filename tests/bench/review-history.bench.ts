import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { summaryOf } from "@/lib/core/judge";
import { paperRule } from "@/lib/core/rule";
import { stepRowsOf } from "@/lib/core/step-rows";
import { drawFrom } from "@/lib/policies/random";
import { createStore } from "@/lib/store/store";
import { reviewRows } from "@/lib/usecases/trajectories";
import { aPlannedRun, mineOut, solved, trajectories, unsolved } from "../support/factories";
import { openKillDatabase, surely } from "../support/kill-loop-database";
import { checkHistory } from "../support/review-history";
import { keyOf, reviewer, type Client, type Notebook, type Target } from "../support/review-history-client";
import { startWebs } from "../support/review-history-processes";
import { brokenRules } from "../support/store";

/**
 * Many people decide on a few trajectories at once, through web processes that are killed all the time, as is their
 * Postgres; what they were told is then checked against what is stored. One violation fails.
 */
const number = (name: string, usual: number) => Number(process.env[name] ?? usual);
/** Decisions that are acknowledged as stored; those that are refused as conflicts come on top. */
const EDITS = number("EDITS", 100_000);
const CLIENTS = number("CLIENTS", 16);
const WEBS = number("WEBS", 4);
const KILL_EVERY_MS = number("KILL_EVERY_MS", 5000);
/** Of the kills. */
const POSTGRES_SHARE = number("POSTGRES_SHARE", 0.1);
const SEED = number("SEED", 1);
/** Trajectories that everybody decides on at a time, and how many decisions each takes before another becomes hot. */
const HOT = number("HOT", 4);
const EDITS_OF_EACH = number("EDITS_OF_EACH", 500);
/** How often a person decides on what was seen last instead of looking again. */
const REMEMBER = 0.3;
const SHOW_MS = 30_000;

const draw = drawFrom(SEED);
const database = await openKillDatabase();
const { url, query } = database;
const store = createStore(url);
const webs = startWebs(WEBS, url);
const book: Notebook = { edits: [], sights: [], retries: 0, refused: [] };
const { look, decide } = reviewer(webs.addresses, book, () => performance.now());

type Hot = { targets: Target[]; left: number };

/** Trajectories with verdicts of all kinds; what can be decided on each. */
async function prepare(): Promise<Hot[]> {
  const { trajectoryIds } = await store.trajectories.add(
    trajectories(Math.ceil(EDITS / EDITS_OF_EACH) + HOT),
    null,
  );
  const { runId } = await aPlannedRun(store, trajectoryIds);
  for (const trajectoryId of trajectoryIds)
    await mineOut(store, { runId, trajectoryId }, (state) => (state === 2 ? solved : unsolved));
  const rows = await reviewRows({ store }, trajectoryIds[0] ?? 0, runId);
  const steps = stepRowsOf(rows).filter(({ stepIndex }) => stepIndex % 2 === 0);
  return trajectoryIds.map((trajectoryId) => {
    const of = { runId, trajectoryId };
    const targets: Target[] = [
      ...steps.map(({ stepIndex, verdict }): Target => {
        const decisions = verdict === "beneficial" ? (["approve", "veto", "withdraw"] as const) : null;
        return {
          ...{ ...of, target: "step", targetIndex: stepIndex },
          decisions: [...(decisions ?? (["promote", "veto", "withdraw"] as const))],
        };
      }),
      ...rows.solutions.map(({ stateIndex }): Target => {
        return { ...of, target: "solution", targetIndex: stateIndex, decisions: ["approve", "veto"] };
      }),
    ];
    return { targets, left: EDITS_OF_EACH };
  });
}

const kills = { web: 0, postgres: 0 };
let acknowledged = 0;
let over = false;

async function killAround(): Promise<void> {
  while (!over) {
    await pause(KILL_EVERY_MS);
    if (over) return;
    if (draw() < POSTGRES_SHARE) {
      await database.kill();
      kills.postgres += 1;
    } else if (webs.kill(draw)) kills.web += 1;
  }
}

async function actAs(client: Client, hot: Hot[]): Promise<void> {
  while (acknowledged < EDITS) {
    const open = hot.filter(({ left }) => left > 0).slice(0, HOT);
    const one = open[Math.floor(client.draw() * open.length)];
    const target = one?.targets[Math.floor(client.draw() * one.targets.length)];
    if (!one || !target) return;
    if (!client.seen.has(keyOf(target)) || client.draw() > REMEMBER) await look(target, client);
    if (!(await decide(target, client))) continue;
    acknowledged += 1;
    one.left -= 1;
  }
}

const Row = z.object({
  clientId: z.string(),
  trajectoryId: z.number(),
  target: z.enum(["step", "solution"]),
  targetIndex: z.number(),
  version: z.number(),
  decision: z.string(),
  personId: z.number(),
  reviewer: z.string(),
});

async function storedRows() {
  const rows = await query(`select client_id as "clientId", trajectory_id as "trajectoryId", target,
    target_index as "targetIndex", version, decision, person_id as "personId", person.name as reviewer
    from review join person on person.id = person_id`);
  return z
    .array(Row)
    .parse(rows)
    .map((row) => ({ ...row, key: keyOf(row) }));
}

/** Trajectories whose counts, as lists show them, are not those of their decisions. */
async function miscounted(hot: Hot[]): Promise<number> {
  let wrong = 0;
  for (const { targets } of hot) {
    const [{ runId, trajectoryId } = { runId: 0, trajectoryId: 0 }] = targets;
    const facts = (await store.facts(runId, [trajectoryId])).get(trajectoryId);
    if (!facts) continue;
    const derived = summaryOf(6, facts, paperRule);
    const [more] = await query(
      "select approved, vetoed from run_trajectory where run_id = $1 and trajectory_id = $2",
      [runId, trajectoryId],
    );
    const stored = Object.entries({ ...facts.entry, ...more });
    const same = Object.entries(derived).every(([name, value]) =>
      stored.some(([of, what]) => of === name && what === value),
    );
    if (!same) wrong += 1;
  }
  return wrong;
}

const began = Date.now();
const seconds = () => ((Date.now() - began) / 1000).toFixed(0);
const timer = setInterval(() => {
  console.log(`${seconds()} s: ${acknowledged} stored, ${book.edits.length} sent, ${JSON.stringify(kills)}`);
}, SHOW_MS);
try {
  const hot = await prepare();
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, async (_, i): Promise<Client> => {
      const { personId } = await store.people.ensure(`person ${i}`);
      return { personId, draw: drawFrom(SEED * 1000 + i), seen: new Map() };
    }),
  );
  const killing = killAround();
  await Promise.all(clients.map((client) => actAs(client, hot)));
  over = true;
  await killing;
  await report(hot);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  clearInterval(timer);
  over = true;
  webs.end();
  await store.close();
  await database.close();
}

async function report(hot: Hot[]): Promise<void> {
  const rows = await surely("reading what is stored", storedRows);
  const found = checkHistory(book.edits, book.sights, rows);
  const wrong = await miscounted(hot);
  const broken = await brokenRules((sql) => query(sql));
  const violations = Object.values(found.violations).flat().length;
  const lines = [
    `kills: ${kills.web + kills.postgres} (${kills.web} web, ${kills.postgres} Postgres) in ${seconds()} s; ${CLIENTS} clients, ${WEBS} web processes`,
    `edits: ${found.edits} sent, ${found.stored} stored, ${found.conflicts} conflicts, ${found.unknown} never answered (of these ${found.unknownStored} stored); sent again ${book.retries} times`,
    `sights: ${book.sights.length}; decisions in the database: ${rows.length}`,
    `violations: ${violations}`,
    ...Object.entries(found.violations).map(([kind, all]) => `  ${kind}: ${all.length}, as ${all[0]}`),
    `refused for another reason: ${book.refused.length} ${book.refused[0] ?? ""}`,
    `trajectories miscounted: ${wrong} of ${hot.length}`,
    `invariants broken: ${Object.keys(broken).length} ${JSON.stringify(broken).slice(0, 1000)}`,
  ];
  console.log(lines.join("\n"));
  const failed = [violations, book.refused.length, wrong, Object.keys(broken).length].some((n) => n > 0);
  if (failed || rows.length < EDITS) process.exitCode = 1;
}
