import { expect, it } from "vitest";
import { saidIn } from "@/lib/core/words";
import type { TrajectoryDraft } from "@/lib/core/trajectory";
import { beginImport, Defaults } from "@/lib/usecases/imports";
import { aStep, aToolCall, aToolCalling, aTrajectory, trajectories } from "../support/factories";
import { brokenRules, useStore } from "../support/store";

const db = useStore();

const odd: TrajectoryDraft[] = [
  aToolCalling(
    {
      opening: [{ role: "system", content: "Rules\tand\nlines \\N \\." }],
      steps: [aToolCall(), aStep({ observation: "", action: "", reward: 0.1 + 0.2 }, 1)],
    },
    901,
  ),
  aTrajectory(
    { steps: [aStep({ observation: "Größe 𝒳１ \\N \t\r\n \\. 'quoted' \"so\" verylongwordindeed" })] },
    902,
  ),
  aTrajectory({ steps: [aStep({ observation: "…", thought: "!", action: "?" })], model: null }, 903),
  aTrajectory({ steps: [aStep({ observation: `${"many words ".repeat(400)}${"é".repeat(300_000)}` })] }, 904),
];

async function stored(batches: TrajectoryDraft[][]): Promise<number> {
  const { imports, people } = db.store;
  const { personId } = await people.ensure("ada");
  const about = { kind: "trajectories" as const, fileName: "x", format: null, defaults: Defaults.parse({}) };
  const { importId } = await beginImport(db, personId, about);
  const { attempt } = await imports.open(importId);
  const batch = imports.batch(importId);
  for (const drafts of batches) {
    for (const draft of drafts) batch.add(draft);
    await batch.advance({ attempt, format: "native", digest: "d" });
    expect(batch.records).toBe(0);
  }
  await imports.close(importId, attempt, null);
  return importId;
}

it("stores what was given, once, with the words it is searched by, whatever it holds", async () => {
  const plain = trajectories(150, {}, 2000);
  const [first, again] = [
    [...odd, ...plain.slice(0, 100)],
    [...plain.slice(90), odd[1]!],
  ];
  const importId = await stored([[...first, first[3]!, first[50]!], again]);
  expect(await db.store.imports.get(importId)).toMatchObject({
    state: "stored",
    records: 167,
    stored: 154,
    duplicates: 13,
    rejected: 0,
  });
  const rows = await db.query(
    "select id, external_id as name, words::text as words from trajectory t join trajectory_text on trajectory_id = id where import_id = $1 order by id",
    [importId],
  );
  const drafts = [...odd, ...plain];
  expect(rows.map(({ name }) => name)).toEqual(drafts.map(({ externalId }) => externalId));
  for (const [index, row] of rows.entries()) {
    const draft = drafts[index]!;
    expect(await db.store.trajectories.get(Number(row.id))).toMatchObject(draft);
    const words = [...saidIn(draft.steps), ...(Number(row.id) % 64 === 0 ? ["#"] : [])];
    const [same] = await db.query("select array_to_tsvector($1::text[])::text as words", [words]);
    expect(row.words).toBe(same?.words);
  }
  expect(rows.some(({ id }) => Number(id) % 64 === 0)).toBe(true);
  expect(await brokenRules((sql) => db.query(sql))).toEqual({});
});

it("stores nothing of a batch that holds what cannot be stored, and says what that is", async () => {
  const batch = db.store.imports.batch(1);
  batch.add(aTrajectory({}, 3000));
  expect(() => batch.add(aTrajectory({ steps: [aStep({ thought: "a\0b" })] }, 3001))).toThrow(
    "trajectory episode-3001.steps[0].thought holds a NUL character",
  );
  expect(() => batch.add(aTrajectory({ opening: [{ role: "user", content: "\ud800" }] }, 3002))).toThrow(
    "trajectory episode-3002.opening[0].content holds half of a surrogate pair",
  );
  expect(batch.records).toBe(1);
});
