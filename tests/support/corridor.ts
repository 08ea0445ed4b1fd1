import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type {
  Environment,
  EnvironmentDriver,
  Episode,
  Policy,
  PolicyDriver,
  StepResult,
  Turn,
} from "@/lib/core/ports";
import type { TrajectoryDraft } from "@/lib/core/trajectory";

/**
 * A corridor of cells, written as its map: S start, . floor, K a key, o a pit nobody climbs out of, G the door. Opening
 * the door with the key (where there is one) solves it; leaving ends it unsolved. It is so small that whether it can
 * be solved from a state within n steps is found by trying everything, so the truth of every verdict is known.
 */
export type Place = { cell: number; key: boolean; over: boolean; reward: number };

export const corridorActions = ["left", "right", "take", "open", "leave"] as const;

export const begin = (map: string): Place => ({ cell: map.indexOf("S"), key: false, over: false, reward: 0 });

export function move(map: string, place: Place, action: string): Place {
  if (action === "leave") return { ...place, over: true };
  const here = map[place.cell];
  if (here === "o") return place;
  const solved = action === "open" && here === "G" && (place.key || !map.includes("K"));
  if (solved) return { ...place, over: true, reward: 1 };
  if (action === "take" && here === "K") return { ...place, key: true };
  const cell = place.cell + (action === "right" ? 1 : action === "left" ? -1 : 0);
  return map[cell] === undefined ? place : { ...place, cell };
}

/** Whether any sequence of at most `steps` actions solves it from here: the truth, by trying all of them. */
export function solvable(map: string, place: Place, steps: number): boolean {
  if (place.over) return place.reward === 1;
  if (steps === 0) return false;
  return corridorActions.some((action) => solvable(map, move(map, place, action), steps - 1));
}

const describe = (map: string, { cell, key }: Place): string =>
  `You stand in cell ${cell} of ${map}, ${key ? "key in hand" : "empty-handed"}.`;

function read(observation: string): { map: string; place: Place } {
  const [, cell = "0", map = "", hand] = /cell (\d+) of ([S.KoG]+), (key)?/.exec(observation) ?? [];
  return { map, place: { cell: Number(cell), key: hand === "key", over: false, reward: 0 } };
}

class CorridorEpisode implements Episode {
  readonly start;
  readonly instruction = null;
  private place: Place;
  private taken = 0;

  constructor(
    private readonly map: string,
    private readonly config: CorridorConfig,
  ) {
    this.place = begin(map);
    this.start = { text: describe(map, this.place), actions: [...corridorActions] };
  }

  async step(action: string): Promise<StepResult> {
    if (this.place.over) throw new AppError("invalid_input", "the episode is over");
    this.place = move(this.map, this.place, action);
    this.taken += 1;
    const drifted = this.config.driftsAt === this.taken ? " A draught blows." : "";
    const { reward, over } = this.place;
    return {
      text: describe(this.map, this.place) + drifted,
      actions: [...corridorActions],
      reward,
      done: over,
    };
  }

  async close(): Promise<void> {}
}

const CorridorConfig = z.strictObject({
  /** After how many actions the corridor answers differently than it used to; null never. */
  driftsAt: z.number().int().nullable().default(null),
});
type CorridorConfig = z.infer<typeof CorridorConfig>;

export function corridorEnvironment(config: CorridorConfig = { driftsAt: null }): Environment {
  return {
    fingerprint: `corridor@1 drifts ${config.driftsAt}`,
    capabilities: { concurrentEpisodes: 100, successThreshold: 1, maxSteps: null },
    facts: [],
    caveats: [],
    opening: [],
    subtasks: async () => [
      { subtaskKey: "S..G", instruction: "open the door", bestReward: 1, taskType: null, split: null },
    ],
    open: async (subtaskKey) => {
      if (!/^[S.KoG]+$/.test(subtaskKey))
        throw new AppError("not_found", `there is no corridor ${subtaskKey}`);
      return new CorridorEpisode(subtaskKey, config);
    },
    normalize: (observation) => observation.replace(/\s+/g, " ").trim(),
    close: async () => undefined,
  };
}

export const corridor: EnvironmentDriver<CorridorConfig> = {
  driverId: "corridor",
  title: "Corridor",
  description: "A corridor whose optimal actions are known.",
  normalizer: "runs of white space",
  needs: null,
  Config: CorridorConfig,
  connect: async (config) => corridorEnvironment(config),
};

/** The expert that takes the given actions, as an importer would give it. */
export function recordExpert(map: string, actions: string[]): TrajectoryDraft {
  let place = begin(map);
  const steps = actions.map((action) => {
    const observation = describe(map, place);
    place = move(map, place, action);
    return { observation, thought: null, action, reward: place.reward, messages: null };
  });
  return {
    environment: "corridor",
    subtaskKey: map,
    instruction: "open the door",
    source: "expert",
    model: "wanderer",
    reward: place.reward,
    success: place.reward === 1,
    opening: [],
    tools: null,
    steps,
    finalObservation: describe(map, place),
    externalId: null,
  };
}

/** The first action of a shortest way to the open door; `leave` when there is none within 12 steps. */
export function bestAction(observation: string): string {
  const { map, place } = read(observation);
  let ways = [{ place, first: "leave" }];
  const seen = new Set<string>();
  for (let depth = 0; depth < 12; depth++) {
    const next: typeof ways = [];
    for (const way of ways)
      for (const action of corridorActions) {
        const reached = move(map, way.place, action);
        const first = depth === 0 ? action : way.first;
        if (reached.reward === 1) return first;
        if (!reached.over && !seen.has(describe(map, reached))) next.push({ place: reached, first });
        seen.add(describe(map, reached));
      }
    ways = next;
  }
  return "leave";
}

/** A policy of one line: the action it takes in a turn. */
export function policyOf(checkpoint: string, choose: (turn: Turn) => string | Promise<string>): Policy {
  return {
    checkpoint,
    promptVersion: "corridor@1",
    act: async (turn) => {
      const action = await choose(turn);
      const message = { role: "assistant" as const, content: `Action:\n${action}` };
      return { thought: null, action, message, usage: { promptTokens: 10, completionTokens: 2 } };
    },
  };
}

/** Takes a shortest way: it solves exactly what can be solved within its steps. */
export const optimal = (): Policy => policyOf("optimal@1", (turn) => bestAction(turn.observation.text));

/** Draws its actions from the turn's seed and nothing else. */
export const drawing = (): Policy =>
  policyOf("drawing@1", ({ seed }) => corridorActions[seed % corridorActions.length] ?? "left");

/** A policy driver for tests: the same policy whatever the configuration. */
export function policyDriver(kind: string, connect: () => Policy): PolicyDriver {
  return { kind, title: kind, description: kind, Config: z.unknown(), connect };
}
