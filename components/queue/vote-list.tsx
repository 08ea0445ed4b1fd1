/** `VoteList`: what each reviewer voted, by target; where they differ comes first and is marked. */
import { sideOf, type Vote } from "@/lib/core/queue";
import { reasonWords } from "@/components/trajectory/decision-history";
import { VisibleText } from "@/components/trajectory/text-block";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";

type Said = Vote & { reviewer: string };

export function VoteList({ votes, onSelect }: { votes: Said[]; onSelect: (stepIndex: number) => void }) {
  return (
    <ul aria-label="Votes" tabIndex={0} className="flex max-h-28 flex-col gap-1 overflow-y-auto pb-2 text-xs">
      {groupsOf(votes).map(({ key, target, targetIndex, differ, said }) => (
        <li key={key} className="flex flex-wrap items-center gap-x-3 gap-y-0.5">
          {target === "step" ? (
            <Button size="sm" variant="quiet" onClick={() => onSelect(targetIndex)}>
              action {targetIndex}
            </Button>
          ) : (
            <span className="px-2 text-ink-2">solution of state {targetIndex}</span>
          )}
          {differ ? <Badge tone="warn">votes differ</Badge> : null}
          {said.map((vote) => (
            <span key={vote.personId} className="text-ink-2">
              <span className="font-medium text-ink">{vote.reviewer}</span> {vote.decision}
              {vote.reason ? `: ${reasonWords(vote.reason)}` : ""}
              {vote.note ? (
                <>
                  {" "}
                  “<VisibleText text={vote.note.slice(0, 200)} />”
                </>
              ) : null}
            </span>
          ))}
        </li>
      ))}
    </ul>
  );
}

function groupsOf(votes: Said[]) {
  const people = new Set(votes.map((vote) => vote.personId)).size;
  const keys = [...new Set(votes.map((vote) => `${vote.target} ${vote.targetIndex}`))];
  const groups = keys.flatMap((key) => {
    const said = votes.filter((vote) => `${vote.target} ${vote.targetIndex}` === key);
    const [first] = said;
    if (!first) return [];
    const kept = said.filter((vote) => sideOf(vote.decision) === "keep").length;
    const { target, targetIndex } = first;
    return [{ key, target, targetIndex, differ: kept > 0 && kept < people, said }];
  });
  return groups.sort((a, b) => Number(b.differ) - Number(a.differ));
}
