import type { Metadata } from "next";
import { seenVerdicts, type ReviewFilter } from "@/lib/core/review-history";
import { reviewFacets, vetoFeedback } from "@/lib/server/review-history";
import { seenNameWords } from "@/components/review/review-words";
import { VetoTable } from "@/components/review/veto-table";
import { reasonWords } from "@/components/trajectory/decision-history";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { formatCount, formatPercent } from "@/components/ui/numbers";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import { found } from "../../found";
import type { SearchParams } from "../../address";
import { reviewChips } from "../chips";
import { parseReviewFilter, reviewsHref } from "../filter";
import { ReviewFilterBar } from "../filter-bar";

export const metadata: Metadata = { title: "What is vetoed most" };

export default async function VetoesPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const path = "/reviews/vetoes";
  const filter = parseReviewFilter(await searchParams);
  const [{ overall, by, reasons }, facets] = await Promise.all([found(vetoFeedback(filter)), reviewFacets()]);
  const vetoes = (change: Partial<ReviewFilter>) =>
    reviewsHref("/reviews", { ...filter, decision: "veto", undone: false, ...change });
  const environmentHref = (name: string) => {
    const known = facets.environments.find((each) => each.name === name);
    return known ? vetoes({ environmentId: known.environmentId }) : null;
  };
  const verdictHref = (name: string) => {
    const seen = seenVerdicts.find((each) => each === name);
    return seen ? vetoes({ verdictSeen: seen }) : null;
  };
  return (
    <>
      <PageHeader
        title="What is vetoed most"
        back={{ href: reviewsHref("/reviews", filter), label: "All decisions" }}
        meta="Vetoes among the decisions on actions that stand, in the newest 20,000 decisions. Sorted by the lower end of the 95 % interval: what is reliably high comes first."
      />
      <div className="flex flex-col gap-4">
        <ReviewFilterBar
          path={path}
          filter={filter}
          facets={facets}
          chips={reviewChips(path, filter, facets)}
        />
        {overall.decided === 0 ? (
          <EmptyState title="No decision fits" text="Rates of vetoes need decisions on actions.">
            <ButtonLink href="/reviews">All decisions</ButtonLink>
          </EmptyState>
        ) : (
          <>
            <p className="text-base">
              {formatCount(overall.vetoed)} of {formatCount(overall.decided)} decided actions are vetoed:{" "}
              {formatPercent(overall.vetoed / overall.decided)}, 95 % interval {formatPercent(overall.low)} to{" "}
              {formatPercent(overall.high)}.
              {overall.thin ? " Thin data: this may still come out any way." : ""}
            </p>
            <Section title="By kind of action" note="the tool’s name, or the first word">
              <VetoTable caption="Vetoes by kind of action" name="Kind" of="Decided" rows={by.kind} />
            </Section>
            <Section title="By verdict" note="what the miner said when the person decided">
              <VetoTable
                caption="Vetoes by verdict"
                name="Verdict"
                of="Decided"
                rows={by.verdict}
                wordOf={seenNameWords}
                hrefOf={verdictHref}
              />
            </Section>
            <Section title="By environment">
              <VetoTable
                caption="Vetoes by environment"
                name="Environment"
                of="Decided"
                rows={by.environment}
                hrefOf={environmentHref}
              />
            </Section>
            <Section title="By rule" note="the version that says when a state counts as solved">
              <VetoTable caption="Vetoes by rule" name="Rule" of="Decided" rows={by.rule} />
            </Section>
            {reasons.length === 0 ? null : (
              <Section title="Reasons" note="share of all vetoes">
                <VetoTable
                  caption="Reasons for vetoes"
                  name="Reason"
                  of="Vetoes"
                  rows={reasons}
                  wordOf={reasonWords}
                  hrefOf={(reason) => (reason === "no reason" ? null : vetoes({ reason }))}
                />
              </Section>
            )}
          </>
        )}
      </div>
    </>
  );
}
