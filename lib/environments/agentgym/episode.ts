import { AppError } from "@/lib/core/errors";
import type { Episode, Observation, StepResult } from "@/lib/core/ports";
import type { Instance, Instances } from "./instances";
import type { Around, Kind } from "./kinds";
import { InstanceLost, type Protocol } from "./protocol";
import { readAction } from "./reply";
import { NobodyThere } from "./server";

/** What all episodes of an environment share. */
export type Table = {
  kind: Kind;
  protocol: Protocol;
  instances: Instances;
  around: Around;
  /** Runs a reset when no other may run. */
  inTurn<T>(reset: () => Promise<T>): Promise<T>;
  /** @throws AppError when the task was opened before and is another one now */
  recognise(subtaskKey: string, start: string, instruction: string): void;
};

export type Task = { subtaskKey: string; index: number };

/** Takes an instance, begins the task in it and plays until the episode ends, breaks or is closed. */
export async function openEpisode(table: Table, task: Task, signal?: AbortSignal): Promise<Episode> {
  const instance = await table.instances.take(signal);
  const beginning = begin(table, task, instance);
  const begun = await unlessAborted(beginning, signal).catch((error: unknown) => {
    beginning.then(
      () => table.instances.giveBack(instance),
      // Nothing was begun where there is no such task.
      (reason: unknown) => putAway(table.instances, instance, reason, codeOf(reason) === "not_found"),
    );
    throw error;
  });
  try {
    table.recognise(task.subtaskKey, begun.start.text, begun.instruction);
  } catch (error) {
    table.instances.giveBack(instance);
    throw error;
  }
  return new ServedEpisode(table, task, instance, begun, signal);
}

type Begun = { start: Observation; instruction: string };

async function begin(
  { kind, protocol, around, inTurn }: Table,
  { index }: Task,
  { id }: Instance,
): Promise<Begun> {
  const reset = () => protocol.reset(id, index);
  const served = await (kind.resetsInTurn ? inTurn(reset) : reset());
  const text = kind.first(served, around);
  return { start: { text, actions: served.actions }, instruction: instructionIn(kind, text) };
}

const longestInstruction = 2000;

function instructionIn({ instruction }: Kind, start: string): string {
  const text = typeof instruction === "string" ? instruction : (instruction.exec(start)?.[1] ?? start);
  const said = text.trim();
  return said.length <= longestInstruction
    ? said
    : `${said.slice(0, longestInstruction - 1).toWellFormed()}…`;
}

/** After an error a restart takes every instance, and the one in hand is in a state nobody knows, unless it is `sound`. */
function putAway(instances: Instances, instance: Instance, error: unknown, sound: boolean): void {
  if (error instanceof InstanceLost || error instanceof NobodyThere) instances.forgetAll();
  else if (sound) instances.giveBack(instance);
  else instances.drop(instance);
}

const codeOf = (error: unknown) => (error instanceof AppError ? error.code : null);

class ServedEpisode implements Episode {
  readonly start: Observation;
  readonly instruction: string;
  private seen: Observation;
  /** Why it takes no more actions; null while it does. */
  private over: string | null = null;
  private stepping = false;

  constructor(
    private readonly table: Table,
    private readonly task: Task,
    private readonly instance: Instance,
    { start, instruction }: Begun,
    private readonly signal?: AbortSignal,
  ) {
    this.start = start;
    this.instruction = instruction;
    this.seen = start;
  }

  async step(action: string): Promise<StepResult> {
    this.refuseWhenOver();
    const sent = readAction(this.table.kind.reading, action);
    if ("refusal" in sent) {
      this.seen = { text: sent.refusal, actions: this.seen.actions };
      return { ...this.seen, reward: 0, done: false };
    }
    const { text, actions, reward, done } = await this.send(sent.action);
    this.seen = { text, actions };
    return { ...this.seen, reward, done };
  }

  async close(): Promise<void> {
    if (this.over !== null) return;
    this.over = "was closed";
    if (!this.stepping) this.table.instances.giveBack(this.instance);
  }

  /**
   * A step that nobody waits for any more is still taken by the server, so the instance goes back when it is answered
   * and not before.
   */
  private async send(action: string): Promise<StepResult> {
    const { kind, protocol, instances } = this.table;
    this.stepping = true;
    const answered = protocol.step(this.instance.id, action).then(
      (answer) => {
        this.stepping = false;
        if (answer.done) this.over ??= "ended";
        if (this.over !== null) instances.giveBack(this.instance);
        return { text: answer.text, actions: answer.actions, reward: kind.reward(answer), done: answer.done };
      },
      (error: unknown) => {
        this.stepping = false;
        this.over ??= "broke";
        // One that no other equals is kept as long as the server answers for it: a reset mends it.
        putAway(instances, this.instance, error, kind.alone && codeOf(error) === "environment_error");
        throw error;
      },
    );
    try {
      return await unlessAborted(answered, this.signal);
    } catch (error) {
      if (this.stepping) this.over ??= "was stopped";
      throw error;
    }
  }

  private refuseWhenOver(): void {
    const { subtaskKey } = this.task;
    const over = this.over ?? (this.stepping ? "has a step under way" : null);
    if (over !== null)
      throw new AppError("invalid_input", `this episode of ${subtaskKey} ${over}: it takes no more actions`, {
        fix: "open a new episode",
      });
    if (!this.instance.lost) return;
    this.over = "broke";
    throw new AppError(
      "environment_error",
      `this episode of ${subtaskKey} is lost: the AgentGym server was restarted while it was played`,
      { fix: "retry the run", retryable: true },
    );
  }
}

/** The result of the work, or the signal's reason as soon as it fires; the work goes on all the same. */
async function unlessAborted<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return work;
  let stop: () => void = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
    work.catch(() => undefined);
    aborted.catch(() => undefined);
  }
}
