/** `PeopleTable`: how far each person is, and how often they are right where the answer is known. */
import type { QueueReport } from "@/lib/core/queue-report";
import type { PersonProgress } from "@/lib/core/queue-store";
import { formatCount } from "@/components/ui/numbers";
import { ProgressBar } from "@/components/ui/progress-bar";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { RateWords } from "./rate-words";

type Props = { people: PersonProgress[]; gold: QueueReport["gold"]; items: number };

export function PeopleTable({ people, gold, items }: Props) {
  if (people.length === 0)
    return (
      <p className="text-sm text-ink-2">
        Nobody has begun. Review the next trajectory, or send others this address.
      </p>
    );
  return (
    <Table caption="Progress by person">
      <thead>
        <tr>
          <Th className="w-[28%]">Person</Th>
          <Th className="w-[24%]">Done</Th>
          <Th align="end">n</Th>
          <Th align="end">At work</Th>
          <Th align="end">Skipped</Th>
          <Th align="end">Gold</Th>
        </tr>
      </thead>
      <tbody>
        {people.map((person) => (
          <Tr key={person.personId}>
            <Td truncate title={person.name}>
              {person.name}
            </Td>
            <Td>
              <ProgressBar
                label={`Done by ${person.name}`}
                total={items}
                parts={[{ count: person.done, tone: "accent", word: "done" }]}
              />
            </Td>
            <Td align="end">{formatCount(person.done)}</Td>
            <Td align="end">{formatCount(person.holding)}</Td>
            <Td align="end">{formatCount(person.skipped)}</Td>
            <Td align="end">
              <RateWords rate={gold.find((g) => g.personId === person.personId) ?? null} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
