import { replayStates } from "@/lib/core/run";
import { sources } from "@/lib/core/trajectory";
import { verifyHere } from "@/lib/jobs/verify-here";
import { startVerification, verificationEntries } from "@/lib/usecases/verifications";
import type { Context } from "./commands";
import { chosen } from "./mining";
import { environmentNamed } from "./setup";
import { oneOf, progress, readArguments, say } from "./terminal";

/** Replays chosen trajectories and says which came again exactly; those that broke or differed are listed. */
export async function verify({ deps, person, terminal }: Context, args: string[]): Promise<void> {
  const { values } = readArguments(args, {
    environment: { type: "string" },
    trajectories: { type: "string" },
    source: { type: "string" },
    replay: { type: "string" },
  });
  const environmentId =
    values.environment === undefined ? null : await environmentNamed(deps, values.environment);
  const source = oneOf("source", values.source, sources) ?? null;
  const replay = oneOf("replay", values.replay, replayStates) ?? null;
  const selection = chosen(values.trajectories, { environmentId, source, replay });
  const { verificationId } = await startVerification(deps, person.personId, selection);
  await verifyHere(deps, verificationId, terminal.signal, progress);
  const { outcomes } = await deps.store.verifications.get(verificationId);
  const { rows } = await verificationEntries(deps, verificationId, null);
  const odd = rows.filter(({ outcome }) => outcome !== "verified");
  const lines = odd.map(({ trajectoryId, subtaskKey, outcome, divergedAt, errorMessage }) => {
    const what = divergedAt === null ? (errorMessage ?? "") : `at state ${divergedAt}`;
    return `    ${trajectoryId}  ${subtaskKey}  ${outcome}  ${what}`;
  });
  const { verified, diverged, not_replayable: not, errored } = outcomes;
  const head = `${verified} verified, ${diverged} diverged, ${not} not replayable, ${errored} errored`;
  say(terminal, { verificationId, outcomes, odd }, [head, ...lines].join("\n"));
}
