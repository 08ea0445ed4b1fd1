import { z } from "zod";

/** What stands behind the `?` of an address, as pages are given it. */
export type SearchParams = Record<string, string | string[] | undefined>;

const LARGEST_ID = 2 ** 31 - 1;
/** A number of a row; null where there is none, or anything else. */
export const idInAddress = z.coerce.number().int().positive().max(LARGEST_ID).nullable().catch(null);

/** What an address says, by a schema that is total; of a name that is there twice the first counts, an empty one is none. */
export function readAddress<Shape extends z.ZodRawShape>(
  Address: z.ZodObject<Shape>,
  params: SearchParams,
): z.output<z.ZodObject<Shape>> {
  const one = (name: string) => {
    const value = params[name];
    const first = Array.isArray(value) ? value[0] : value;
    return first === undefined || first === "" ? null : first;
  };
  return Address.parse(Object.fromEntries(Object.keys(Address.shape).map((name) => [name, one(name)])));
}

/** Search parameters of a browser as the record that pages are given. */
export function searchRecord(params: URLSearchParams): SearchParams {
  return Object.fromEntries([...new Set(params.keys())].map((name) => [name, params.getAll(name)]));
}
