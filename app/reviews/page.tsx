import type { Metadata } from "next";
import { listReviews, reviewFacets, reviewFormats } from "@/lib/server/review-history";
import { ReviewTable } from "@/components/review/review-table";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pager } from "@/components/ui/pager";
import { exactTime } from "@/components/ui/time";
import { cursorIn } from "../cursor";
import { found } from "../found";
import type { SearchParams } from "../address";
import { reviewChips } from "./chips";
import { parseReviewFilter, reviewsHref } from "./filter";
import { ReviewFilterBar } from "./filter-bar";

export const metadata: Metadata = { title: "All decisions" };

export default async function ReviewsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const asked = await searchParams;
  const filter = parseReviewFilter(asked);
  const cursor = cursorIn(asked);
  const [{ rows, next, lookedUntil }, facets] = await Promise.all([
    found(listReviews(filter, cursor)),
    reviewFacets(),
  ]);
  const chips = reviewChips("/reviews", filter, facets);
  return (
    <>
      <PageHeader
        title="All decisions"
        back={{ href: "/queues", label: "Review" }}
        meta="Who decided what of which action, newest first. Decisions are facts: a changed mind is one more line."
        action={
          <>
            <ButtonLink href={reviewsHref("/reviews/vetoes", filter)}>What is vetoed most</ButtonLink>
            {reviewFormats.map((format) => (
              <ButtonLink
                key={format}
                href={reviewsHref("/api/reviews/export", filter, { format })}
                download
                prefetch={false}
                aria-label={`Download these decisions as ${format.toUpperCase()}`}
              >
                {format.toUpperCase()}
              </ButtonLink>
            ))}
          </>
        }
      />
      <div className="flex flex-col gap-3">
        <ReviewFilterBar path="/reviews" filter={filter} facets={facets} chips={chips} />
        {rows.length > 0 ? <ReviewTable rows={rows} /> : null}
        {lookedUntil ? (
          <p role="status" className="text-sm text-ink-2">
            Few decisions fit. Looked back to {exactTime(lookedUntil)}; there are older ones.
          </p>
        ) : null}
        {rows.length === 0 && !lookedUntil ? (
          <Nothing filtered={chips.length > 0} later={cursor !== null} />
        ) : null}
        <Pager
          label="Pages of reviews"
          first={cursor === null ? null : reviewsHref("/reviews", filter)}
          next={next === null ? null : reviewsHref("/reviews", filter, { cursor: next })}
        />
      </div>
    </>
  );
}

function Nothing({ filtered, later }: { filtered: boolean; later: boolean }) {
  if (later) return <EmptyState title="The list ends before this page" text="No older decision fits." />;
  if (filtered)
    return (
      <EmptyState title="No decision fits" text="Loosen a filter, or look at everything that was decided.">
        <ButtonLink href="/reviews" variant="primary">
          All decisions
        </ButtonLink>
      </EmptyState>
    );
  return (
    <EmptyState
      title="Nobody has decided anything yet"
      text="Open a mined trajectory and approve, veto or promote its actions: a, x and p on the selected one."
    >
      <ButtonLink href="/trajectories?review=pending" variant="primary">
        Trajectories to review
      </ButtonLink>
    </EmptyState>
  );
}
