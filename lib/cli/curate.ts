import { decisions } from "@/lib/core/review";
import { reviewPolicies } from "@/lib/core/rows";
import { curateDataset, DatasetInput, previewDataset } from "@/lib/usecases/datasets";
import { ReviewInput, reviewStep } from "@/lib/usecases/reviews";
import { reviewRows } from "@/lib/usecases/trajectories";
import type { Context } from "./commands";
import { datasetVerb, recipeFrom, recipeOptions } from "./datasets";
import { chosen } from "./mining";
import { environmentNamed } from "./setup";
import { oneOf, readArguments, required, say, wholeNumber } from "./terminal";

export async function review({ deps, person, terminal }: Context, args: string[]): Promise<void> {
  const { values } = readArguments(args, {
    run: { type: "string" },
    trajectory: { type: "string" },
    step: { type: "string" },
    solution: { type: "string" },
    decision: { type: "string" },
    reason: { type: "string" },
    note: { type: "string" },
  });
  const runId = required("run", wholeNumber("run", values.run));
  const trajectoryId = required("trajectory", wholeNumber("trajectory", values.trajectory));
  const step = wholeNumber("step", values.step);
  const target = step === undefined ? "solution" : "step";
  const targetIndex = step ?? required("step or --solution", wholeNumber("solution", values.solution));
  const before = await reviewRows(deps, trajectoryId, runId);
  const decided =
    target === "step"
      ? before.decisions.find((d) => d.stepIndex === targetIndex)?.decision
      : before.solutions.find((s) => s.stateIndex === targetIndex)?.decision;
  const input = ReviewInput.parse({
    runId,
    trajectoryId,
    target,
    targetIndex,
    decision: required("decision", oneOf("decision", values.decision, decisions)),
    reason: values.reason ?? null,
    note: values.note ?? null,
    expectedVersion: decided?.version ?? 0,
  });
  const rows = await reviewStep(deps, person.personId, input);
  say(terminal, rows.history[0], `${target} ${targetIndex}: ${input.decision}`);
}

export async function dataset(context: Context, args: string[]): Promise<void> {
  const [word, ...rest] = args;
  if (word !== undefined && !word.startsWith("-")) return datasetVerb(word)(context, rest);
  const { deps, person, terminal } = context;
  const { values } = readArguments(args, {
    name: { type: "string" },
    run: { type: "string" },
    trajectories: { type: "string" },
    environment: { type: "string" },
    policy: { type: "string" },
    ...recipeOptions,
    preview: { type: "boolean" },
  });
  const runId = wholeNumber("run", values.run) ?? null;
  const environmentId =
    values.environment === undefined ? null : await environmentNamed(deps, values.environment);
  const filter = { source: "expert" as const, environmentId, runId: values["include-solved"] ? null : runId };
  const input = DatasetInput.parse({
    name: values.name ?? (values.preview ? "preview" : required("name", values.name)),
    selection: chosen(values.trajectories, filter),
    runId,
    reviewPolicy: oneOf("policy", values.policy, reviewPolicies),
    ...recipeFrom(values),
  });
  if (values.preview) {
    const { card, contentHash, refused } = await previewDataset(deps, input);
    return say(terminal, { card, contentHash, refused }, JSON.stringify(card, null, 2));
  }
  const row = await curateDataset(deps, person.personId, input);
  say(
    terminal,
    row,
    `dataset ${row.datasetId}, version ${row.version}: ${row.exampleCount} examples, ${row.contentHash}`,
  );
}
