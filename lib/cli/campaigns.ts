import { AppError, wrongFields } from "@/lib/core/errors";
import type { Rate, Spent } from "@/lib/core/campaign";
import { reviewPolicies } from "@/lib/core/rows";
import { splits } from "@/lib/core/trajectory";
import { collectHere } from "@/lib/jobs/collect-here";
import { mineHere } from "@/lib/jobs/mine-here";
import {
  CampaignDatasetInput,
  CampaignInput,
  campaignView,
  createCampaign,
  freezeCampaignDataset,
  listCampaigns,
  startIteration,
  type CampaignView,
} from "@/lib/usecases/campaigns";
import type { Context } from "./commands";
import { environmentNamed, policyNamed } from "./setup";
import { oneOf, progress, readArguments, required, say, wholeNumber } from "./terminal";

const options = {
  environment: { type: "string" },
  model: { type: "string" },
  split: { type: "string" },
  "task-type": { type: "string" },
  count: { type: "string" },
  first: { type: "string" },
  preset: { type: "string" },
  states: { type: "string" },
  attempts: { type: "string" },
  "max-steps": { type: "string" },
  seed: { type: "string" },
  "no-starts": { type: "boolean" },
  policy: { type: "string" },
  "no-wait": { type: "boolean" },
  name: { type: "string" },
  "without-stale": { type: "boolean" },
} as const;

type Values = ReturnType<typeof readArguments<typeof options>>["values"];

export async function campaign(context: Context, args: string[]): Promise<void> {
  const { values, positionals } = readArguments(args, options);
  const [verb, which] = positionals;
  if (verb === undefined) return list(context);
  if (verb === "new") return begin(context, required("NAME", which), values);
  const campaignId = required("CAMPAIGN", wholeNumber("CAMPAIGN", which));
  if (verb === "start") return start(context, campaignId, values);
  if (verb === "dataset") return freeze(context, campaignId, values);
  if (verb === "show") return show(context, campaignId);
  throw new AppError("invalid_input", `there is no “campaign ${verb}”`, {
    fix: "use new, start, dataset or show",
  });
}

async function list({ deps, terminal }: Context): Promise<void> {
  const { rows } = await listCampaigns(deps, null);
  const line = (row: (typeof rows)[number]) =>
    `${row.campaignId}  ${row.name}  ${row.environment}  ${row.iterations.length} iterations`;
  say(terminal, rows, rows.map(line).join("\n") || "no campaigns yet");
}

async function begin({ deps, person, terminal }: Context, name: string, values: Values): Promise<void> {
  const maxSteps = wholeNumber("max-steps", values["max-steps"]);
  const seed = wholeNumber("seed", values.seed);
  const chosen = values.split ?? values["task-type"] ?? values.count ?? values.first;
  const input = CampaignInput.safeParse({
    name,
    environmentId: await environmentNamed(deps, required("environment", values.environment)),
    model: values.model,
    choice:
      chosen === undefined
        ? null
        : {
            split: oneOf("split", values.split, splits),
            taskType: values["task-type"],
            first: wholeNumber("first", values.first),
            count: wholeNumber("count", values.count),
          },
    config: {
      run: {
        preset: values.preset,
        config: {
          states: wholeNumber("states", values.states),
          attempts: wholeNumber("attempts", values.attempts),
          ...{ maxSteps, seed },
        },
      },
      starts: values["no-starts"] ? null : { maxSteps, seed },
    },
  });
  if (!input.success) throw new AppError("invalid_input", wrongFields(input.error));
  const row = await createCampaign(deps, person.personId, input.data);
  say(terminal, row, `campaign ${row.campaignId}: ${row.name}`);
}

async function start(context: Context, campaignId: number, values: Values): Promise<void> {
  const { deps, person, terminal } = context;
  const policyId = await policyNamed(deps, required("policy", values.policy));
  const { iterations } = await campaignView(deps, campaignId);
  const newest = iterations.at(-1);
  // A start that was broken off is gone on with.
  const again = newest?.policyId === policyId && newest.datasetId === null;
  const iteration = again ? newest.iteration : iterations.length;
  const row = await startIteration(deps, person.personId, { campaignId, iteration, policyId });
  progress(
    `iteration ${iteration} with ${row.checkpoint}: run ${row.runId}, collection ${row.collectionId ?? "none"}`,
  );
  if (!values["no-wait"]) {
    if (row.collectionId !== null) await collectHere(deps, row.collectionId, terminal.signal, progress);
    if (row.runId !== null) await mineHere(deps, row.runId, terminal.signal, progress);
  }
  await show(context, campaignId);
}

async function freeze(
  { deps, person, terminal }: Context,
  campaignId: number,
  values: Values,
): Promise<void> {
  const input = CampaignDatasetInput.parse({
    campaignId,
    name: values.name,
    reviewPolicy: oneOf("policy", values.policy, reviewPolicies),
    includeStale: !values["without-stale"],
  });
  const row = await freezeCampaignDataset(deps, person.personId, input);
  say(terminal, row, `dataset ${row.datasetId}: ${row.exampleCount} examples, ${row.contentHash}`);
}

async function show({ deps, terminal }: Context, campaignId: number): Promise<void> {
  const view = await campaignView(deps, campaignId);
  const { campaign, experts, iterations } = view;
  const head = `${campaign.name} in ${campaign.environment}: ${experts.solved} solved and ${experts.failed} failed expert trajectories`;
  say(terminal, view, [head, ...iterations.map(line)].join("\n"));
}

function line({ figures, runId, collectionId, datasetId }: CampaignView["iterations"][number]): string {
  const { iteration, checkpoint, coverage, staleVerdicts, verdicts, perNewlySolved } = figures;
  const { failed, solvedBefore, newlySolved } = coverage;
  return [
    `${iteration}  ${checkpoint}${figures.open ? " (exploring)" : ""}: run ${runId ?? "–"}, collection ${collectionId ?? "–"}, dataset ${datasetId ?? "–"}`,
    `   from the start ${rate(figures.starts)} on ${figures.subtasks} subtasks; on failures ${rate(figures.fromStart)} from the start, ${rate(figures.fromStates)} from the expert's states`,
    `   of ${failed} subtasks the expert failed ${solvedBefore + newlySolved} are solved, ${newlySolved} newly: ${spent(perNewlySolved)}`,
    `   ${verdicts} verdicts, ${staleVerdicts} of them stale`,
  ].join("\n");
}

const rate = ({ attempts, successes, low, high }: Rate): string =>
  attempts === 0 ? "nothing yet" : `${successes}/${attempts} [${low.toFixed(2)}, ${high.toFixed(2)}]`;

function spent(each: Spent | null): string {
  if (each === null) return "undecided what one took";
  const cost = each.cost === null ? "no prices" : `cost ${each.cost.toFixed(4)}`;
  return `${each.calls.toFixed(1)} calls, ${each.tokens.toFixed(0)} tokens, ${cost} each`;
}
