import type { Critique, CritiqueStep } from "../critique";
import type { Usage } from "../ports";

/** How a critique ends; what its calls took is kept either way. */
export type CritiqueEnd = Usage &
  (
    | { status: "completed"; checkpoint: string; promptVersion: string; steps: CritiqueStep[] }
    | { status: "errored"; code: string; message: string }
  );

/** Opinions of critics, and who is at work on those that are asked for. */
export interface CritiqueStore {
  /**
   * Queues one critique per trajectory; one that the same policy is already asked about is left out.
   * @returns the ids of the new ones
   */
  ask(request: { personId: number; policyId: number; trajectoryIds: number[] }): Promise<number[]>;
  get(critiqueId: number): Promise<Critique>;
  /** Of one trajectory, newest first. */
  of(trajectoryId: number, limit: number): Promise<Critique[]>;
  /** The newest completed critique of each trajectory that has one: the opinion that counts. */
  newest(trajectoryIds: number[]): Promise<Map<number, Critique>>;
  /** How many there are of these, per status. */
  counts(critiqueIds: number[]): Promise<Record<Critique["status"], number>>;
  /** Takes a critique that waits, or whose worker is gone; null when somebody has it or it is over. */
  claim(
    critiqueId: number,
    owner: string,
    leaseMs: number,
  ): Promise<{ epoch: number; trajectoryId: number; policyId: number } | null>;
  /** False: no longer ours. */
  renew(critiqueId: number, epoch: number, leaseMs: number): Promise<boolean>;
  /** Ends it, and derives where strategies now disagree in the same transaction. False: no longer ours. */
  end(critiqueId: number, epoch: number, end: CritiqueEnd): Promise<boolean>;
  /** Gives it back unfinished: queued again. */
  release(critiqueId: number, epoch: number): Promise<void>;
  /** Cancels those that still wait; answers how many. */
  cancelQueued(critiqueIds: number[]): Promise<number>;
  /** Critiques that wait for a worker. */
  waiting(limit: number): Promise<number[]>;
}

/** Where strategies disagree. */
export interface DisagreementStore {
  /** Derives again where strategies disagree on finished trajectories of a run: its rule was moved. */
  refresh(runId: number, trajectoryIds: number[]): Promise<void>;
  /** The same for finished trajectories that were never compared; answers of how many. */
  catchUp(limit: number): Promise<number>;
}
