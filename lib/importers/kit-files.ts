import { AppError } from "@/lib/core/errors";
import { isTrial } from "./harbor-trial";
import { isRecord } from "./sharegpt";

type Sidecar = { name: RegExp; is(record: Record<string, unknown>): boolean };

/** What stands beside the data in a folder for a trainer, told by its name and by what its first record looks like. */
const sidecars: Sidecar[] = [
  { name: /(^|\/)result\.json$/, is: isTrial },
  {
    name: /(^|\/)golden\.jsonl$/,
    is: ({ line, trained }) => typeof line === "number" && Array.isArray(trained),
  },
  {
    name: /\.provenance\.jsonl$/,
    is: ({ line, trajectory, turns }) =>
      typeof line === "number" && typeof trajectory === "string" && Array.isArray(turns),
  },
  { name: /(^|\/)manifest\.json$/, is: (record) => isManifest(record) },
  {
    name: /(^|\/)dataset_info\.json$/,
    is: (record) => Object.values(record).every((entry) => isRecord(entry) && namesAFile(entry)),
  },
];

const namesAFile = (entry: Record<string, unknown>) =>
  ["file_name", "hf_hub_url", "ms_hub_url", "script_url"].some((key) => typeof entry[key] === "string");

const isManifest = ({ dataset, format, shape }: Record<string, unknown>) =>
  isRecord(dataset) && typeof format === "string" && typeof shape === "string";

/** Whether a file of that name may be a sidecar: then its first record says whether it is. */
export const mayBeSidecar = (name: string): boolean => sidecars.some((each) => each.name.test(name));

/** Whether a file whose name and first record these are stands beside data and holds none. */
export function isSidecar(name: string, first: unknown): boolean {
  return isRecord(first) && sidecars.some((sidecar) => sidecar.name.test(name) && sidecar.is(first));
}

/** The sidecar that says where the lines of a data file come from. */
export const provenanceOf = (name: string): string => `${name.replace(/\.[a-z]+$/, "")}.provenance.jsonl`;

const wholeConversations = new Set(["masked", "exploded"]);

/** @throws AppError invalid_input for the manifest of an export that holds no conversations as they went */
export function demandConversations(name: string, first: unknown): void {
  if (!/(^|\/)manifest\.json$/.test(name) || !isRecord(first) || !isManifest(first)) return;
  if (typeof first.gleaner !== "string" || wholeConversations.has(String(first.shape))) return;
  throw new AppError(
    "invalid_input",
    `the archive is an export as “${String(first.format).slice(0, 60)}”, which holds no whole conversations`,
    { fix: "download the dataset as “openai” or “atif” and import that" },
  );
}

/** What a line of a sidecar says of its line of data that the data cannot carry. */
export function besideOf(record: unknown): { line: number; said: Record<string, unknown> } | null {
  if (!isRecord(record) || typeof record.line !== "number") return null;
  const { environment, subtaskKey } = record;
  return { line: record.line, said: { environment, subtaskKey } };
}
