import "server-only";
import { refresh } from "next/cache";
import { z } from "zod";
import { Selection } from "@/lib/usecases/selection";
import * as verifications from "@/lib/usecases/verifications";
import { defineAction } from "./action";
import { deps } from "./deps";

const Asked = z.strictObject({ selection: Selection });
const VerificationId = z.strictObject({ verificationId: z.number().int().positive() });

/** Starts replaying chosen trajectories; answers where to look. */
export const verifyReplays = defineAction(Asked, async ({ selection }, person) => {
  const { verificationId } = await verifications.startVerification(deps(), person.personId, selection);
  return { verificationId };
});

export const cancelVerification = defineAction(VerificationId, async ({ verificationId }) => {
  await verifications.cancelVerification(deps(), verificationId);
  refresh();
});

export const resumeVerification = defineAction(VerificationId, async ({ verificationId }) => {
  await verifications.resumeVerification(deps(), verificationId);
  refresh();
});
