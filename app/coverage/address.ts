import { z } from "zod";
import { coverageSorts, coverageStates, type CoverageFilter, type CoverageSort } from "@/lib/core/coverage";
import { idInAddress, readAddress, type SearchParams } from "../address";

/** What the page's address says: which subtasks, in which order, and of which campaign the iterations are shown. */
export type CoverageView = { filter: CoverageFilter; sort: CoverageSort; campaignId: number | null };

const Address = z.object({
  environment: idInAddress,
  type: z.string().min(1).max(200).nullable().catch(null),
  coverage: z.enum(coverageStates).nullable().catch(null),
  sort: z.enum(coverageSorts).catch("failures"),
  campaign: idInAddress,
});

/** The view an address asks for. Total: what is missing or makes no sense is the default. */
export function parseCoverage(params: SearchParams): CoverageView {
  const asked = readAddress(Address, params);
  const { environment, type, coverage, sort, campaign } = asked;
  return {
    filter: { environmentId: environment, taskType: type, state: coverage },
    sort,
    campaignId: campaign,
  };
}

/** The address of a view, a place in its table included. `parseCoverage` reads it back. */
export function coverageHref(
  { filter, sort, campaignId }: CoverageView,
  cursor: string | null = null,
): string {
  const query = new URLSearchParams();
  const put = (name: string, value: string | number | null) => {
    if (value !== null) query.set(name, String(value));
  };
  put("environment", filter.environmentId);
  put("type", filter.taskType);
  put("coverage", filter.state);
  if (sort !== "failures") put("sort", sort);
  put("campaign", campaignId);
  put("cursor", cursor);
  return query.size === 0 ? "/coverage" : `/coverage?${query.toString()}`;
}
