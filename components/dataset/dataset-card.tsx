/** `DatasetCardView`: what is in a dataset, what is out and why. */
import { exampleKinds } from "@/lib/core/example";
import type { DatasetCard } from "@/lib/core/dataset";
import { DatasetWaterfall } from "@/components/charts/dataset-waterfall";
import { Fact, Facts, Stat } from "@/components/ui/facts";
import { formatCount, plural } from "@/components/ui/numbers";
import { kindWords, leftOutWords, policyWords } from "./dataset-words";

export function DatasetCardView({ card }: { card: DatasetCard }) {
  const kinds = exampleKinds.filter((kind) => card.examples[kind] > 0);
  const examples = kinds.reduce((sum, kind) => sum + card.examples[kind], 0);
  const turns = card.trainedTurns + card.maskedTurns;
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-wrap gap-x-12 gap-y-4">
        <Stat
          name="Examples"
          value={formatCount(examples)}
          note={`over ${plural(card.waterfall.subtasks, "subtask")}`}
        />
        <Stat
          name="Turns trained"
          value={formatCount(card.trainedTurns)}
          note={`of ${formatCount(turns)} agent turns`}
        />
        <Stat name="Turns masked" value={formatCount(card.maskedTurns)} note="context only, no loss" />
        <Stat
          name="Characters trained"
          value={formatCount(card.trainedCharacters)}
          note="about a quarter as many tokens"
        />
      </div>
      {card.validation.examples > 0 ? (
        <p className="text-sm text-ink-2">
          Held out for validation: {plural(card.validation.examples, "example")} of{" "}
          {plural(card.validation.subtasks, "subtask")}; trained on are{" "}
          {plural(examples - card.validation.examples, "example")} with{" "}
          {plural(card.trainedTurns - card.validation.trainedTurns, "turn")}.
        </p>
      ) : null}
      {card.undecided > 0 ? (
        <p className="rounded border border-undecided-line bg-undecided-soft px-3 py-2 text-sm">
          {plural(card.undecided, "example")} in it {card.undecided === 1 ? "rests" : "rest"} on an undecided
          expert part, included on purpose.
        </p>
      ) : null}
      {card.overruled > 0 ? (
        <p className="rounded border border-undecided-line bg-undecided-soft px-3 py-2 text-sm">
          {plural(card.overruled, "approved action")} {card.overruled === 1 ? "is" : "are"} not trained:
          evidence that came after the approval does not call {card.overruled === 1 ? "it" : "them"}{" "}
          beneficial any more.
        </p>
      ) : null}
      {card.stale > 0 ? (
        <p className="rounded border border-undecided-line bg-undecided-soft px-3 py-2 text-sm">
          {plural(card.stale, "example")} in it {card.stale === 1 ? "rests" : "rest"} on stale verdicts: of an
          older checkpoint than the newest of {card.stale === 1 ? "its" : "their"} campaign.
        </p>
      ) : null}
      <div className="grid gap-x-10 gap-y-5 xl:grid-cols-2">
        {card.waterfall.chosen > 0 ? <DatasetWaterfall card={card} /> : null}
        <div className="flex flex-col gap-5">
          <Kinds card={card} kinds={kinds} />
          <LeftOut leftOut={card.leftOut} />
        </div>
      </div>
      <Facts>
        <Fact name="review policy">{policyWords[card.reviewPolicy].word}</Fact>
        {card.environments.length > 0 ? (
          <Fact name="environments">{card.environments.join(", ")}</Fact>
        ) : null}
        {card.checkpoints.length > 0 ? <Fact name="agents">{card.checkpoints.join(", ")}</Fact> : null}
        {card.ruleVersions.length > 0 ? <Fact name="rule">{card.ruleVersions.join(", ")}</Fact> : null}
      </Facts>
    </div>
  );
}

function Kinds({ card, kinds }: { card: DatasetCard; kinds: (typeof exampleKinds)[number][] }) {
  return (
    <div>
      <h3 className="text-sm font-medium">In it, by kind</h3>
      {kinds.length === 0 ? <p className="mt-1 text-sm text-ink-2">Nothing yet.</p> : null}
      <dl className="mt-1 flex flex-col gap-1 text-sm">
        {kinds.map((kind) => (
          <Line
            key={kind}
            count={card.examples[kind]}
            word={kindWords[kind].word}
            more={kindWords[kind].meaning}
          />
        ))}
      </dl>
    </div>
  );
}

const reasons = [
  ...(["notApproved", "undecided", "unsolved", "vetoed", "noSteps", "stale"] as const),
  ...(["kind", "capped", "otherStart"] as const),
] as const;

function LeftOut({ leftOut }: Pick<DatasetCard, "leftOut">) {
  const out = reasons.filter((reason) => leftOut[reason] > 0);
  return (
    <div>
      <h3 className="text-sm font-medium">Solutions left out, and why</h3>
      {out.length === 0 ? <p className="mt-1 text-sm text-ink-2">None.</p> : null}
      <dl className="mt-1 flex flex-col gap-1 text-sm">
        {out.map((reason) => (
          <Line
            key={reason}
            count={leftOut[reason]}
            word={leftOutWords[reason].word}
            more={leftOutWords[reason].todo}
          />
        ))}
      </dl>
    </div>
  );
}

function Line({ count, word, more }: { count: number; word: string; more: string }) {
  return (
    <div className="grid grid-cols-[4ch_1fr] gap-3">
      <dt className="order-last text-ink">
        {word} <span className="text-ink-3">– {more}</span>
      </dt>
      <dd className="text-right font-medium">{formatCount(count)}</dd>
    </div>
  );
}
