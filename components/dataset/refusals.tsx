/** `Refusals`: what a dataset is not frozen with until somebody says what is meant, each by name. */
import Link from "next/link";
import { doubts, type Doubt, type Refusal } from "@/lib/core/dataset-recipe";
import { plural } from "@/components/ui/numbers";

type Props = { refused: { counts: Record<Doubt, number>; named: Refusal[] } };

const words: Record<Doubt, { what: string; fix: string }> = {
  stale: {
    what: "with stale verdicts",
    fix: "Their verdicts are of an older checkpoint than the newest of their campaign: mine them again, or say below what to do with them.",
  },
  undecided: {
    what: "approved or chosen by hand, but undecided",
    fix: "The evidence does not confirm them: spend more rollouts, withdraw the approval, or say below what to do with them.",
  },
};
const SHOWN = 8;

export function Refusals({ refused }: Props) {
  return doubts
    .filter((doubt) => refused.counts[doubt] > 0)
    .map((doubt) => {
      const named = refused.named.filter((each) => each.doubt === doubt).slice(0, SHOWN);
      const more = refused.counts[doubt] - named.length;
      return (
        <div
          key={doubt}
          role="alert"
          className="rounded border border-undecided-line bg-undecided-soft px-3 py-2 text-sm"
        >
          <p className="font-medium">
            {plural(refused.counts[doubt], "solution")} {words[doubt].what}
          </p>
          <p className="text-xs text-ink-2">{words[doubt].fix}</p>
          <ul className="mt-1 flex flex-wrap gap-x-4 gap-y-1 text-xs">
            {named.map((each, i) => (
              <li key={i}>
                <Link
                  href={`/trajectories/${each.trajectoryId}`}
                  className="underline underline-offset-2 hover:text-ink"
                >
                  trajectory {each.trajectoryId}
                  {each.importantState === null ? "" : `, state ${each.importantState}`}
                </Link>
                {each.approvedBy ? ` approved by ${each.approvedBy}` : ""}
              </li>
            ))}
            {more > 0 ? <li>and {more} more</li> : null}
          </ul>
        </div>
      );
    });
}
