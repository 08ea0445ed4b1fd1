"use client";
import { recordedDecisions, vetoReasons } from "@/lib/core/review";
import { seenVerdicts, type ReviewFilter } from "@/lib/core/review-history";
import { decisionWords, seenWords } from "@/components/review/review-words";
import { reasonWords } from "@/components/trajectory/decision-history";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/field";
import { promoteReasons } from "../trajectories/[trajectoryId]/decisions";
import { Choice, FilterForm } from "../filter-form";
import type { reviewChips, ReviewFacets } from "./chips";
import { dayOf, lastDayOf, parseReviewFilter, reviewsHref } from "./filter";

type Props = {
  path: string;
  filter: ReviewFilter;
  facets: ReviewFacets;
  chips: ReturnType<typeof reviewChips>;
};

/** The filters of the history. */
export function ReviewFilterBar({ path, filter, facets, chips }: Props) {
  return (
    <FilterForm
      of={reviewsHref("list", filter)}
      label="Decisions"
      hrefOf={(asked) => reviewsHref(path, parseReviewFilter(asked))}
      chips={chips}
    >
      <div className="flex flex-wrap items-center gap-2">
        <Selects filter={filter} facets={facets} />
        <Dates filter={filter} />
        <Button type="submit">Apply</Button>
      </div>
    </FilterForm>
  );
}

function Selects({ filter, facets }: Pick<Props, "filter" | "facets">) {
  const reasons: string[] = [...new Set([...vetoReasons, ...promoteReasons])];
  return (
    <>
      <Choice name="person" label="Person" value={filter.personId}>
        <option value="">anybody</option>
        {facets.people.map(({ personId, name }) => (
          <option key={personId} value={personId}>
            {name}
          </option>
        ))}
      </Choice>
      <Choice name="decision" label="Decision" value={filter.decision}>
        <option value="">any decision</option>
        {recordedDecisions.map((decision) => (
          <option key={decision} value={decision}>
            {decisionWords[decision]}
          </option>
        ))}
      </Choice>
      <Choice name="seen" label="Verdict seen" value={filter.verdictSeen}>
        <option value="">any verdict seen</option>
        {seenVerdicts.map((seen) => (
          <option key={seen} value={seen}>
            {seenWords(seen)}
          </option>
        ))}
      </Choice>
      <Choice name="contradicting" label="Against the miner" value={filter.contradicting ? "yes" : ""}>
        <option value="">with or against the miner</option>
        <option value="yes">against the miner</option>
      </Choice>
      <Choice name="reason" label="Reason" value={filter.reason}>
        <option value="">any reason</option>
        {(filter.reason === null || reasons.includes(filter.reason)
          ? reasons
          : [...reasons, filter.reason]
        ).map((reason) => (
          <option key={reason} value={reason}>
            {reasonWords(reason)}
          </option>
        ))}
      </Choice>
      <Choice name="environment" label="Environment" value={filter.environmentId}>
        <option value="">any environment</option>
        {facets.environments.map(({ environmentId, name }) => (
          <option key={environmentId} value={environmentId}>
            {name}
          </option>
        ))}
      </Choice>
      <Choice name="run" label="Run" value={filter.runId}>
        <option value="">any run</option>
        {facets.runs.map(({ runId, name }) => (
          <option key={runId} value={runId}>
            {name}
          </option>
        ))}
      </Choice>
      <Choice
        name="undone"
        label="Standing"
        value={filter.undone === null ? "" : filter.undone ? "yes" : "no"}
      >
        <option value="">standing or undone</option>
        <option value="no">standing</option>
        <option value="yes">undone</option>
      </Choice>
    </>
  );
}

function Dates({ filter }: Pick<Props, "filter">) {
  return (
    <span className="flex items-center gap-1 text-sm text-ink-3">
      <Input
        name="trajectory"
        aria-label="Trajectory"
        placeholder="trajectory"
        inputMode="numeric"
        defaultValue={filter.trajectoryId ?? ""}
        className="!w-24"
      />
      <Input
        name="from"
        type="date"
        aria-label="From day, UTC"
        defaultValue={dayOf(filter.from)}
        className="!w-36"
      />
      –
      <Input
        name="to"
        type="date"
        aria-label="To day, UTC"
        defaultValue={lastDayOf(filter.until)}
        className="!w-36"
      />
    </span>
  );
}
