import { asEnvironmentError } from "@/lib/core/drivers";
import { verifyReplay, type ReplayCheck } from "@/lib/core/replay";
import type { Store } from "@/lib/core/store";
import type { Trajectory } from "@/lib/core/trajectory";
import type { Connected } from "./connections";

/**
 * Replays a trajectory and keeps what that gave. What breaks keeps nothing.
 * @throws AppError as `verifyReplay`; environment_error for whatever else the environment throws
 */
export async function checkReplay(
  { replays }: Pick<Store, "replays">,
  { environment, slots }: Connected,
  trajectory: Trajectory & { environmentName: string },
  signal: AbortSignal,
): Promise<ReplayCheck> {
  const check = await slots(() => verifyReplay(environment, trajectory, signal)).catch((error: unknown) => {
    throw asEnvironmentError(error, trajectory.environmentName);
  });
  await replays.put(trajectory.trajectoryId, check, environment.fingerprint);
  return check;
}
