/** One setting of a driver as a form asks for it. `path` is where it stands in the configuration, parts between dots. */
export type DriverField = {
  path: string;
  label: string;
  hint: string;
  /** What it is when nothing is said; empty leaves it out. */
  initial: string;
  /** Asked for only while another setting has this value. */
  when?: { path: string; is: string };
} & (
  | { kind: "text" | "path"; required?: boolean }
  | { kind: "number" }
  | { kind: "switch" }
  | { kind: "choice"; options: { value: string; label: string }[] }
);

/** Built-in data, or files the worker reads. */
export const built = (path: string, files: { value: string; label: string }[]): DriverField => ({
  kind: "choice",
  path,
  label: "Where its data is",
  hint: "The built-in data comes with Gleaner. Files are read on the machine Gleaner and its workers run on.",
  initial: "built-in",
  options: [{ value: "built-in", label: "built-in data" }, ...files],
});
