import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, vi } from "vitest";
import { canonicalJson } from "@/lib/core/canonical";
import { emptyCard } from "@/lib/core/dataset";
import type { Store } from "@/lib/core/store";
import { prepareExport as work } from "@/lib/jobs/handlers/prepare-export";
import { prepareExport } from "@/lib/usecases/dataset-exports";
import { exportZip } from "@/lib/usecases/exports";
import { anExample, aTrajectory } from "./factories";
import { bytesOf } from "./folders";
import type { useStore } from "./store";

type Source = Parameters<Store["datasets"]["freeze"]>[1];

let number = 0;

/** Prepared exports in a data folder of this file's own. */
export function useExports(db: ReturnType<typeof useStore>) {
  const data = mkdtempSync(path.join(tmpdir(), "gleaner-exports-"));
  const folder = path.join(data, "exports");
  const sent: unknown[] = [];
  const queue = { send: async (_: string, payload: unknown) => void sent.push(payload) };
  beforeAll(() => void vi.stubEnv("GLEANER_DATA", data));
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(data, { recursive: true, force: true });
  });
  return {
    data,
    folder,
    sent,
    queue,
    /** The names of the files of exports that are there. */
    files: () => readdirSync(folder).filter((name) => !name.startsWith("folder-id")),
    /** Freezes a dataset of so many examples, each with a text of so many characters. */
    async dataset(count: number, characters = 10): Promise<number> {
      const { store } = db;
      const { personId } = await store.people.ensure("Ada");
      const { trajectoryIds } = await store.trajectories.add([aTrajectory({}, 700 + number++)], null);
      async function* examples(): Source {
        for (let seed = 0; seed < count; seed++) {
          const example = anExample(trajectoryIds[0] ?? 0, seed);
          const [first] = example.messages;
          if (first) first.content = `${seed} `.repeat(characters).slice(0, characters);
          yield { example, text: canonicalJson(example), split: seed % 5 === 4 ? "validation" : "train" };
        }
      }
      const card = emptyCard("approved");
      const named = { name: `large ${number}`, reviewPolicy: "approved", personId } as const;
      const about = { selection: {}, card, contentHash: "cd".repeat(32) };
      return (await store.datasets.freeze(named, examples(), () => Promise.resolve(about))).datasetId;
    },
    async ask(datasetId: number, format = "openai") {
      const { personId } = await db.store.people.ensure("Ada");
      return prepareExport({ store: db.store, queue }, personId, { datasetId, format });
    },
    /** One worker that is told of an export. */
    async work(
      exportId: number,
      given: { signal?: AbortSignal; leaseMs?: number; store?: Store } = {},
    ): Promise<void> {
      const { signal = new AbortController().signal, leaseMs = 60_000, store = db.store } = given;
      await work({ store, owner: `test-${(number += 1)}`, leaseMs, log: () => {} }, { exportId }, signal);
    },
    /** What a direct download gives. */
    streamed: async (datasetId: number, format = "openai") =>
      bytesOf((await exportZip(db, datasetId, format)).body),
  };
}
