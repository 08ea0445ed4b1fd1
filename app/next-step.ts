import type { Overview } from "@/lib/core/rows";
import { formatCount } from "@/components/ui/numbers";

/** The one thing to do next in a workspace as it stands. */
export function nextStep({ environments, verdicts, review, counts }: Overview): {
  href: string;
  label: string;
} {
  const failed = environments.reduce((sum, e) => sum + e.expertFailed, 0);
  const open = review.toReview - review.reviewed;
  const mined = Object.values(verdicts).some((count) => count > 0);
  if (counts.trajectories === 0 || failed === 0) return { href: "/import", label: "Import trajectories" };
  if (!mined) return { href: "/runs/new", label: `Mine ${formatCount(failed)} failures` };
  if (open > 0)
    return { href: "/trajectories?review=pending", label: `Review ${formatCount(open)} decisions` };
  return { href: "/datasets/new", label: "Freeze a dataset" };
}
