/** `DisputeTable`: trajectories on which the votes differ, with who may best decide: somebody who has not voted. */
import Link from "next/link";
import type { Dispute } from "@/lib/core/queue-store";
import { VisibleText } from "@/components/trajectory/text-block";
import { ButtonLink } from "@/components/ui/button";
import { plural } from "@/components/ui/numbers";
import { Table, Td, Th, Tr } from "@/components/ui/table";

type Props = { queueId: number; disputes: Dispute[]; name: string; reviewers: number };

export function DisputeTable({ queueId, disputes, name, reviewers }: Props) {
  if (disputes.length === 0)
    return (
      <p className="text-sm text-ink-2">
        {reviewers === 1
          ? "One person judges each trajectory, so nothing can differ but from what was decided outside the queue."
          : "No votes differ."}
      </p>
    );
  return (
    <Table caption="Disputes">
      <thead>
        <tr>
          <Th className="w-[46%]">Trajectory</Th>
          <Th>Differ on</Th>
          <Th>Voted</Th>
          <Th align="end">Decide</Th>
        </tr>
      </thead>
      <tbody>
        {disputes.map(({ trajectoryId, subtaskKey, instruction, targets, voters }) => {
          const href = `/trajectories/${trajectoryId}?queue=${queueId}&adjudicate=1#step-${targets[0]?.targetIndex ?? 0}`;
          const voted = voters.some((voter) => voter.name === name);
          return (
            <Tr key={trajectoryId}>
              <Td truncate title={instruction.slice(0, 300)}>
                <Link href={href} className="font-medium hover:underline">
                  {subtaskKey}
                </Link>{" "}
                <span className="text-ink-2">
                  <VisibleText text={instruction.slice(0, 300)} />
                </span>
              </Td>
              <Td>{plural(targets.length, "place")}</Td>
              <Td truncate className="text-ink-2">
                {voters.map((voter) => voter.name).join(", ")}
              </Td>
              <Td align="end">
                <ButtonLink
                  size="sm"
                  variant={voted ? "quiet" : "secondary"}
                  href={href}
                  title={voted ? "You voted here: better somebody else decides" : undefined}
                >
                  Adjudicate
                </ButtonLink>
              </Td>
            </Tr>
          );
        })}
      </tbody>
    </Table>
  );
}
