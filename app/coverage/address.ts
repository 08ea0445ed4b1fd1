import { z } from "zod";
import { coverageSorts, coverageStates, type CoverageFilter, type CoverageSort } from "@/lib/core/coverage";

/** What the page's address says: which subtasks, in which order, and of which campaign the iterations are shown. */
export type CoverageView = { filter: CoverageFilter; sort: CoverageSort; campaignId: number | null };

const id = z.coerce
  .number()
  .int()
  .positive()
  .max(2 ** 31 - 1)
  .nullable()
  .catch(null);
const Address = z.object({
  environment: id,
  type: z.string().min(1).max(200).nullable().catch(null),
  coverage: z.enum(coverageStates).nullable().catch(null),
  sort: z.enum(coverageSorts).catch("failures"),
  campaign: id,
});

/** The view an address asks for. Total: what is missing or makes no sense is the default. */
export function parseCoverage(params: Record<string, string | string[] | undefined>): CoverageView {
  const one = (name: string) => {
    const value = params[name];
    const first = Array.isArray(value) ? value[0] : value;
    return first === undefined || first === "" ? null : first;
  };
  const names = Object.keys(Address.shape);
  const asked = Address.parse(Object.fromEntries(names.map((name) => [name, one(name)])));
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
