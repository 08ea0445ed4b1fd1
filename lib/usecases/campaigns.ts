import { z } from "zod";
import {
  CampaignConfig,
  campaignFigures,
  expertFailed,
  newestCheckpoint,
  type IterationFigures,
} from "@/lib/core/campaign";
import type { CampaignRow, IterationRow } from "@/lib/core/campaign-store";
import { CollectionConfig, MOST_EPISODES, SubtaskChoice } from "@/lib/core/collection";
import { AppError } from "@/lib/core/errors";
import { reviewPolicies, type DatasetRow, type Page } from "@/lib/core/rows";
import { CollectionInput, startCollection } from "./collections";
import { curateDataset, DatasetInput, previewDataset } from "./datasets";
import type { Deps } from "./deps";
import { connectPolicy } from "./policies";
import { completePlan } from "./run-plan";
import { RunInput, startRun } from "./runs";

const PAGE = 50;
const Id = z.number().int().positive();

/** A campaign to begin: where, on which expert's trajectories, and how every iteration explores. */
export const CampaignInput = z.strictObject({
  name: z.string().trim().min(1).max(200),
  environmentId: Id,
  /** Null: expert trajectories of any model. */
  model: z.string().max(200).nullable().default(null),
  /** Null: every subtask of the environment. */
  choice: SubtaskChoice.nullable().default(null),
  config: CampaignConfig.prefault({}),
});
export type CampaignInput = z.input<typeof CampaignInput>;

/** The next iteration: which checkpoint explores. `iteration` is the number the caller saw, so that asking twice starts one. */
export const IterationInput = z.strictObject({
  campaignId: Id,
  iteration: z.number().int().min(0),
  policyId: Id,
});

/** D_k of the newest iteration. */
export const CampaignDatasetInput = z.strictObject({
  campaignId: Id,
  name: z.string().trim().max(200).default(""),
  reviewPolicy: z.enum(reviewPolicies).default("not_vetoed"),
  /** Whether solutions count whose verdicts are of an older checkpoint. */
  includeStale: z.boolean().default(true),
});

/**
 * Begins a campaign on the expert trajectories that are there now.
 * @throws AppError invalid_input when none of them failed, not_replayable when its environment has no driver
 */
export async function createCampaign(
  { store }: Pick<Deps, "store">,
  personId: number,
  input: z.output<typeof CampaignInput>,
): Promise<CampaignRow> {
  const environment = await store.environments.get(input.environmentId);
  if (environment.driver === null)
    throw new AppError("not_replayable", `nothing can be explored in environment “${environment.name}”`, {
      fix: "give it a driver on the environments page",
    });
  // Read as the campaign will, before there is one: a campaign without failures could never explore.
  const { environmentId } = input;
  const failed = {
    source: "expert",
    success: false,
    environmentId,
    subtaskId: null,
    coverage: null,
  } as const;
  const any = { model: input.model, minReward: null, maxReward: null, runId: null, verdict: null };
  const filter = {
    ...failed,
    ...any,
    review: null,
    replay: null,
    text: null,
    said: null,
    disagreement: null,
  };
  const { count } = await store.trajectories.count(filter, 1);
  if (count === 0)
    throw new AppError("invalid_input", "there is no failed expert trajectory to explore", {
      fix: "import or collect the expert’s trajectories in this environment first",
    });
  return store.campaigns.create({ ...input, personId });
}

/** Campaigns, newest first, each with its iterations. */
export function listCampaigns(
  { store }: Pick<Deps, "store">,
  cursor: string | null,
): Promise<Page<CampaignRow & { iterations: IterationRow[] }>> {
  return store.campaigns.list(cursor, PAGE);
}

export type CampaignView = {
  campaign: CampaignRow;
  /** Expert trajectories that take part; the solved ones are the BC set. */
  experts: { solved: number; failed: number; unknown: number };
  iterations: (IterationRow & { figures: IterationFigures })[];
  newest: string | null;
};

/** A campaign and what each of its iterations came to. @throws AppError not_found */
export async function campaignView(
  { store }: Pick<Deps, "store">,
  campaignId: number,
): Promise<CampaignView> {
  const campaign = await store.campaigns.get(campaignId);
  const [experts, iterations, facts] = await Promise.all([
    store.campaigns.experts(campaignId),
    store.campaigns.iterations(campaignId),
    store.campaigns.facts(campaignId),
  ]);
  const figures = campaignFigures(expertFailed(experts), facts);
  const having = (success: boolean | null) => experts.filter((each) => each.success === success).length;
  return {
    campaign,
    experts: { solved: having(true), failed: having(false), unknown: having(null) },
    iterations: iterations.flatMap((row) => {
      const of = figures.find(({ iteration }) => iteration === row.iteration);
      return of ? [{ ...row, figures: of }] : [];
    }),
    newest: newestCheckpoint(iterations),
  };
}

/**
 * Starts an iteration: its checkpoint plays from the start of every training subtask and mines the failed expert
 * trajectories. Asking again starts nothing twice, and goes on where a start was cut off.
 * @throws AppError conflict while the iteration before explores, has no dataset, or had the same checkpoint;
 * invalid_input when no expert trajectory of the campaign failed
 */
export async function startIteration(
  deps: Deps,
  personId: number,
  { campaignId, iteration, policyId }: z.output<typeof IterationInput>,
): Promise<IterationRow> {
  const { policy } = await connectPolicy(deps, policyId);
  const { campaign, iterations } = await campaignView(deps, campaignId);
  const selection = { trajectoryIds: await failuresOf(deps, campaignId) };
  if (selection.trajectoryIds.length === 0)
    throw new AppError("invalid_input", `campaign “${campaign.name}” has no failed expert trajectory`, {
      fix: "begin one on subtasks that the expert failed",
    });
  const before = iterations.find((each) => each.iteration === iteration - 1);
  if (before) demandTrained(before, policy.checkpoint);
  const at = { campaignId, iteration };
  const { checkpoint } = policy;
  const begun = await deps.store.campaigns.begin(at, { policyId, checkpoint, prices: policy.prices ?? null });
  const name = `${campaign.name}, iteration ${iteration}`;
  if (begun.collectionId === null && campaign.config.starts !== null)
    await once(startCollection(deps, personId, startsInput(campaign, policyId, name), at));
  const input = RunInput.parse({ ...campaign.config.run, name, policyId, selection });
  if (begun.runId === null) await once(startRun(deps, personId, input, at));
  else await completePlan(deps, begun.runId, selection);
  return (
    (await deps.store.campaigns.iterations(campaignId)).find((each) => each.iteration === iteration) ?? begun
  );
}

function demandTrained(before: CampaignView["iterations"][number], checkpoint: string): void {
  const { iteration, datasetId, figures } = before;
  if (figures.open)
    throw new AppError("conflict", `iteration ${iteration} still explores`, {
      fix: "wait until its collection and its run are over, or cancel them",
    });
  if (datasetId === null)
    throw new AppError("conflict", `iteration ${iteration} has no dataset yet`, {
      fix: "freeze its dataset and train the next checkpoint on it first",
    });
  if (before.checkpoint === checkpoint)
    throw new AppError("conflict", `iteration ${iteration} explored with ${checkpoint} already`, {
      fix: "add the policy that was trained on its dataset, and choose that one",
    });
}

/** Another caller was faster: then it is started, which is what was asked. */
async function once(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "conflict") throw error;
  }
}

function startsInput({ environmentId, choice, config }: CampaignRow, policyId: number, name: string) {
  const { concurrency, attempts = 1, ...starts } = config.starts ?? CollectionConfig.parse({ choice: {} });
  const every = { split: null, taskType: null, first: 0, count: Math.floor(MOST_EPISODES / attempts) };
  return CollectionInput.parse({
    ...{ name, environmentId, policyId, source: "agent", choice: choice ?? every },
    config: { attempts, concurrency, maxSteps: starts.maxSteps, seed: starts.seed },
  });
}

async function failuresOf({ store }: Pick<Deps, "store">, campaignId: number): Promise<number[]> {
  const experts = await store.campaigns.experts(campaignId);
  return experts.filter(({ success }) => success === false).map(({ trajectoryId }) => trajectoryId);
}

/** What D_k of the newest iteration would hold, without freezing it. */
export async function previewCampaignDataset(
  deps: Pick<Deps, "store">,
  input: z.output<typeof CampaignDatasetInput>,
) {
  return previewDataset(deps, await datasetInput(deps, input));
}

/**
 * Freezes D_k of the newest iteration: the expert's successes and one solution per important state of all iterations.
 * @throws AppError conflict while it explores, or when it has its dataset
 */
export async function freezeCampaignDataset(
  deps: Pick<Deps, "store">,
  personId: number,
  input: z.output<typeof CampaignDatasetInput>,
): Promise<DatasetRow> {
  return curateDataset(deps, personId, await datasetInput(deps, input));
}

async function datasetInput(
  { store }: Pick<Deps, "store">,
  { campaignId, name, reviewPolicy, includeStale }: z.output<typeof CampaignDatasetInput>,
): Promise<z.output<typeof DatasetInput>> {
  const { campaign, iterations } = await campaignView({ store }, campaignId);
  const newest = iterations.at(-1);
  if (!newest)
    throw new AppError("conflict", `campaign “${campaign.name}” has no iteration yet`, {
      fix: "start its first iteration",
    });
  const { iteration, figures, datasetId } = newest;
  if (figures.open)
    throw new AppError("conflict", `iteration ${iteration} still explores`, {
      fix: "wait until its collection and its run are over, or cancel them",
    });
  if (datasetId !== null)
    throw new AppError("conflict", `iteration ${iteration} has its dataset already: ${datasetId}`);
  const experts = await store.campaigns.experts(campaignId);
  return DatasetInput.parse({
    name: name || `${campaign.name}, dataset ${iteration}`,
    selection: { trajectoryIds: experts.map(({ trajectoryId }) => trajectoryId) },
    reviewPolicy,
    includeSolved: true,
    includeStale,
    leaveOut: includeStale ? [] : ["stale"],
    iteration: { campaignId, iteration },
  });
}
