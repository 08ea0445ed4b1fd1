/** `EnvironmentFacts`: what an environment is made of, what it can do, and what is known to make its replays differ. */
import type { ReactNode } from "react";
import type { EnvironmentRow } from "@/lib/core/rows";
import { splits } from "@/lib/core/trajectory";
import { VisibleText } from "@/components/trajectory/text-block";
import { formatCount, formatReward, plural } from "@/components/ui/numbers";
import type { Driver } from "./environment-fields";

export function EnvironmentFacts({ row, driver }: { row: EnvironmentRow; driver: Driver }) {
  const { about } = row;
  return (
    <div className="flex flex-col gap-4 text-sm">
      <p className="max-w-[90ch] text-ink-2">{driver.description}</p>
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-6 gap-y-1 xl:grid-cols-[max-content_minmax(0,1fr)_max-content_minmax(0,1fr)]">
        {about?.facts.map(({ name, value }) => (
          <Line key={name} name={name}>
            <VisibleText text={value} />
          </Line>
        ))}
        {about ? <Abilities about={about} /> : null}
        <Line name="success from">a reward of {formatReward(row.successThreshold)}</Line>
        <Line name="ignored when compared">{driver.normalizer}</Line>
        <Line name="fingerprint">
          <code className="text-xs">{row.fingerprint ?? "–"}</code>
        </Line>
      </dl>
      {about && about.caveats.length > 0 ? (
        <div>
          <h3 className="mb-1 font-medium">What can make its replays differ</h3>
          <ul className="flex max-w-[90ch] list-disc flex-col gap-1 pl-5 text-ink-2">
            {about.caveats.map((caveat) => (
              <li key={caveat}>{caveat}</li>
            ))}
          </ul>
        </div>
      ) : null}
    </div>
  );
}

/** More than anyone runs at once: no limit worth naming. */
const PLENTY = 1000;

function Abilities({ about }: { about: NonNullable<EnvironmentRow["about"]> }) {
  const { capabilities, ownOpening } = about;
  const { concurrentEpisodes, maxSteps } = capabilities;
  return (
    <>
      <Line name="at once">
        {concurrentEpisodes >= PLENTY ? "as many episodes as asked" : plural(concurrentEpisodes, "episode")}
      </Line>
      <Line name="longest episode">
        {maxSteps === null ? "no limit of its own" : plural(maxSteps, "step")}
      </Line>
      <Line name="splits">
        {about.splits
          ? splits.map((split) => `${formatCount(about.splits?.[split] ?? 0)} ${split}`).join(", ")
          : "none"}
      </Line>
      <Line name="opens with">{ownOpening ? "its own messages" : "Gleaner’s prompt"}</Line>
    </>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere] text-ink">{children}</dd>
    </>
  );
}
