import { createHash } from "node:crypto";
import { canonicalJson } from "@/lib/core/canonical";
import type { TrajectoryDraft } from "@/lib/core/trajectory";

/** SHA-256 of the canonical JSON of a draft, hex: the same episode always has the same one. */
export function contentHash(draft: TrajectoryDraft): string {
  return createHash("sha256").update(canonicalJson(draft)).digest("hex");
}
