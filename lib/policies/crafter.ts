import { builtInDriver, type Decision } from "./built-in";
import { situationOf, type Situation } from "./crafter-memory";
import { drawFrom, type Draw } from "./random";

export type Crafter = (situation: Situation, draw: Draw) => Decision;

export const lookAround: Decision = { thought: "I check what I carry.", action: "inventory" };

/** A policy that reads the commands and what happened since. */
export const crafterDriver = (about: Parameters<typeof builtInDriver>[0], decide: Crafter) =>
  builtInDriver(about, (turn) => {
    const situation = situationOf(turn);
    return situation === null ? lookAround : decide(situation, drawFrom(turn.seed));
  });
