import { z } from "zod";
import { asEnvironmentError, connectEnvironment, driverOf, settingsOf } from "@/lib/core/drivers";
import { aboutOf } from "@/lib/core/environment-about";
import type { EnvironmentRow, Fidelity, Page, SubtaskRow, TaskTypeRow } from "@/lib/core/rows";
import type { Split } from "@/lib/core/trajectory";
import type { Deps } from "./deps";

type EnvironmentDeps = Pick<Deps, "store" | "environments">;

/** An environment to add or change by name. `driver` null: its trajectories can be judged, not replayed. */
export const EnvironmentInput = z.strictObject({
  name: z.string().trim().min(1).max(100),
  driver: z.string().max(50).nullable(),
  config: z.record(z.string(), z.unknown()),
});
export type EnvironmentInput = z.infer<typeof EnvironmentInput>;
/** A stored environment as what was put in. */
const Checked = z.object(EnvironmentInput.shape);

const PAGE = 100;

/** All environments with the number of their trajectories. */
export function listEnvironments({ store }: EnvironmentDeps) {
  return store.environments.list();
}

/**
 * Adds an environment or changes the one of that name, after connecting it once: what cannot be reached is not stored.
 * @throws AppError invalid_input naming the bad field, environment_unavailable
 */
export async function putEnvironment(
  deps: EnvironmentDeps,
  input: EnvironmentInput,
): Promise<EnvironmentRow> {
  const { name, driver } = input;
  if (driver === null)
    return deps.store.environments.put(
      { name, driver, config: {}, fingerprint: null, successThreshold: 1 },
      null,
    );
  const whose = `environment “${name}”`;
  const config = settingsOf(driverOf(deps.environments, driver, whose), input.config, whose);
  const environment = await connectEnvironment(deps.environments, { name, driver, config });
  try {
    const { fingerprint, capabilities } = environment;
    const subtasks = await environment.subtasks();
    const row = await deps.store.environments.put(
      { name, driver, config, fingerprint, successThreshold: capabilities.successThreshold },
      aboutOf(environment, subtasks),
    );
    await deps.store.environments.putSubtasks(row.environmentId, subtasks);
    return row;
  } finally {
    await environment.close();
  }
}

/**
 * Connects a stored environment again and keeps what it says of itself now, or why it could not be connected.
 * @throws AppError as connecting it does, once that is kept
 */
export async function checkEnvironment(deps: EnvironmentDeps, environmentId: number): Promise<void> {
  const row = await deps.store.environments.get(environmentId);
  try {
    await putEnvironment(deps, Checked.parse(row));
  } catch (error) {
    const { code, message, fix } = asEnvironmentError(error, row.name);
    await deps.store.environments.noteCheckError(environmentId, { code, message, fix: fix ?? null });
    throw error;
  }
}

export type EnvironmentView = {
  row: EnvironmentRow;
  trajectories: number;
  /** How its trajectories stand to replaying. */
  fidelity: Fidelity;
  taskTypes: TaskTypeRow[];
};

/** All there is to know of an environment without connecting it. @throws AppError not_found */
export async function environmentView(
  { store }: EnvironmentDeps,
  environmentId: number,
): Promise<EnvironmentView> {
  const row = await store.environments.get(environmentId);
  const [fidelity, taskTypes] = await Promise.all([
    store.replays.fidelity(environmentId),
    store.environments.taskTypes(environmentId),
  ]);
  const trajectories = Object.values(fidelity).reduce((sum, count) => sum + count, 0);
  return { row, trajectories, fidelity, taskTypes };
}

/** A page of an environment's tasks. @throws AppError not_found */
export function environmentSubtasks(
  { store }: EnvironmentDeps,
  environmentId: number,
  filter: { taskType: string | null; split: Split | null },
  cursor: string | null,
): Promise<Page<SubtaskRow>> {
  return store.environments.subtasks(environmentId, filter, cursor, PAGE);
}
