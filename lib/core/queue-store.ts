import type { AssignmentState, Vote } from "./queue";
import type { CountedVote, GoldItem } from "./queue-report";
import type { Page, PersonRow, TrajectoryFilter, TrajectorySort } from "./rows";
import type { Review } from "./review";

/** Review queues: what is judged, by whom, in which order, and what they said. */
export interface QueueStore {
  /**
   * Freezes what a filter matches now, in the order of the list; trajectories that no run has looked at are left out.
   * @throws AppError invalid_input when nothing is left or there is too much
   */
  create(draft: {
    name: string;
    filter: TrajectoryFilter;
    sort: TrajectorySort;
    reviewers: number;
    blindShare: number;
    /** So many completely reviewed trajectories of the same filter are mixed in, to measure people by. */
    gold: number;
    seed: number;
    /** Who works on it; nobody named means anybody may. */
    people: string[];
    personId: number;
  }): Promise<QueueRow>;
  get(queueId: number): Promise<QueueRow>;
  list(cursor: string | null, limit: number): Promise<Page<QueueRow>>;
  people(queueId: number): Promise<PersonProgress[]>;
  /**
   * Gives a person their own unfinished item, else the first that is free, and locks it for them. Null when there is
   * none. An item is free for as many people as have neither finished it nor hold a lock on it, of those asked for.
   * @throws AppError forbidden when the queue names its people and this is none of them
   */
  claim(queueId: number, personId: number, lockMs: number): Promise<QueueItem | null>;
  /** An item as it stands to a person. */
  item(queueId: number, trajectoryId: number, personId: number): Promise<QueueItem>;
  /** Prolongs a lock. False: it ran out and the item is no longer free for them, or they are through with it. */
  renew(queueId: number, trajectoryId: number, personId: number, lockMs: number): Promise<boolean>;
  /** Passes an item on to others; this person is not given it again. Skipping twice changes nothing. */
  skip(queueId: number, trajectoryId: number, personId: number): Promise<void>;
  /**
   * Takes back a skip: the item is locked for them again, with their votes. Twice changes nothing.
   * @throws AppError conflict when as many as were asked for are on it or through with it by now, or it was not skipped
   */
  unskip(queueId: number, trajectoryId: number, personId: number, lockMs: number): Promise<void>;
  /** What this person skipped last of what they could take back; null when there is nothing. */
  skipped(queueId: number, personId: number): Promise<number | null>;
  /**
   * Appends a vote. The same `clientId` again answers the stored one.
   * @throws AppError conflict when the item is not theirs any more, or `expectedVersion` is not their newest on the target
   */
  vote(
    draft: Omit<Vote, "version"> & {
      queueId: number;
      trajectoryId: number;
      expectedVersion: number;
      clientId: string;
    },
  ): Promise<void>;
  /** A person's own votes on an item, as reviews of theirs, oldest first. */
  own(queueId: number, trajectoryId: number, personId: number): Promise<Review[]>;
  /** Everybody's standing votes on an item who is done with it. */
  votes(queueId: number, trajectoryId: number): Promise<(Vote & { reviewer: string })[]>;
  /**
   * Ends a person's work on an item. With the last of those asked for, the votes are settled into reviews, unless the item
   * is gold. Finishing twice changes nothing.
   * @throws AppError conflict when the item is not theirs any more
   */
  finish(queueId: number, trajectoryId: number, personId: number): Promise<void>;
  /** Targets whose votes differ and nobody has adjudicated, by item. */
  disputes(queueId: number, limit: number): Promise<Dispute[]>;
  /** Everything the report of a queue is made of. */
  counted(queueId: number): Promise<{ votes: CountedVote[]; gold: GoldItem[] }>;
}

/** How far a person is in a queue. */
export type PersonProgress = PersonRow & Record<AssignmentState, number>;

export type QueueRow = {
  queueId: number;
  name: string;
  filter: TrajectoryFilter;
  sort: TrajectorySort;
  /** How many people judge each item, on their own. */
  reviewers: number;
  /** Which share of the items hides the miner's word until a person is done, 0..1. */
  blindShare: number;
  seed: number;
  createdBy: string;
  createdAt: Date;
  /** Who works on it; nobody means anybody may. */
  people: string[];
  items: number;
  goldItems: number;
  blindItems: number;
  /** Items that everybody asked for is done with. */
  complete: number;
  /** Items with a target that waits for somebody to adjudicate. */
  disputed: number;
};

/** One item as it stands to one person. */
export type QueueItem = {
  queueId: number;
  trajectoryId: number;
  runId: number;
  position: number;
  blind: boolean;
  /** Null before it was given to them. */
  state: AssignmentState | null;
  complete: boolean;
};

/** An item with targets that wait for somebody to adjudicate. */
export type Dispute = {
  trajectoryId: number;
  runId: number;
  subtaskKey: string;
  instruction: string;
  targets: { target: Review["target"]; targetIndex: number }[];
  /** Who voted on it. */
  voters: PersonRow[];
};
