export type Played = {
  text: string;
  reward: number;
  score?: number;
  done: boolean;
  actions?: string[];
};

/** One instance's state; `begin` starts a task in it, `act` plays on. */
export interface Game {
  begin(index: number): Played & { taskDescription?: string };
  act(action: string): Played;
}

/** What an instance differs in from another of the same server: what it draws, and the order of sets. */
export type Drawn = { number: number; hashSeed: number };

export class NoSuchTask extends Error {}
