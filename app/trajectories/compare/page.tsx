import type { Metadata } from "next";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { compareTrajectories } from "@/lib/server/reads";
import { found, idOf } from "../../found";
import { CompareDesk } from "./compare-desk";

export const metadata: Metadata = { title: "Compare" };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** Two trajectories of a subtask side by side (`?a=1&b=2`); without `b` the best of the others. */
export default async function ComparePage({ searchParams }: Props) {
  const { a, b } = await searchParams;
  const one = idOf(String(a));
  const other = b === undefined ? null : idOf(String(b));
  const comparison = await found(compareTrajectories(one, other));
  if (comparison.other)
    return (
      <CompareDesk
        key={`${one}-${comparison.other.trajectoryId}`}
        one={comparison.one}
        other={comparison.other}
        attempts={comparison.attempts}
        differsAt={comparison.differsAt}
      />
    );
  const { subtaskKey } = comparison.one;
  return (
    <>
      <PageHeader title="Compare" back={{ href: `/trajectories/${one}`, label: subtaskKey }} />
      {other === null || comparison.attempts.length < 2 ? (
        <EmptyState
          title="Nothing to compare with"
          text={`This is the only trajectory of the subtask ${subtaskKey}. Import another one, or let a policy play it.`}
        >
          <ButtonLink href={`/trajectories/${one}`}>Back to the trajectory</ButtonLink>
        </EmptyState>
      ) : (
        <EmptyState
          title="Not of the same subtask"
          text={`Only trajectories of one subtask compare; this one is of ${subtaskKey}.`}
        >
          <ButtonLink href={`/trajectories/compare?a=${one}`} variant="primary">
            Compare with the best of that
          </ButtonLink>
        </EmptyState>
      )}
    </>
  );
}
