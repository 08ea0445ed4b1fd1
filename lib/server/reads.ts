import "server-only";
import type { ExamplePart } from "@/lib/core/dataset-store";
import type { CoverageFilter, CoverageSort } from "@/lib/core/coverage";
import type { PolicyRow, TrajectoryFilter, TrajectorySort } from "@/lib/core/rows";
import type { VerdictRule } from "@/lib/core/rule";
import type { Split } from "@/lib/core/trajectory";
import * as campaigns from "@/lib/usecases/campaigns";
import * as comparisons from "@/lib/usecases/compare";
import * as collections from "@/lib/usecases/collections";
import * as coverages from "@/lib/usecases/coverage";
import * as datasetComparisons from "@/lib/usecases/dataset-compare";
import * as datasetParts from "@/lib/usecases/dataset-part";
import * as datasets from "@/lib/usecases/datasets";
import * as endpoints from "@/lib/usecases/endpoints";
import * as environments from "@/lib/usecases/environments";
import * as imports from "@/lib/usecases/imports";
import * as masks from "@/lib/usecases/mask-preview";
import * as overviews from "@/lib/usecases/overview";
import * as critiques from "@/lib/usecases/critiques";
import * as policies from "@/lib/usecases/policies";
import * as previews from "@/lib/usecases/rule-preview";
import * as runs from "@/lib/usecases/runs";
import * as strategies from "@/lib/usecases/strategies";
import * as savedViews from "@/lib/usecases/saved-views";
import * as trainings from "@/lib/usecases/trainings";
import * as trajectories from "@/lib/usecases/trajectories";
import * as verifications from "@/lib/usecases/verifications";
import { deps } from "./deps";

/** What pages read. Each is the use case of the same name with this process's store. */
export const overview = () => overviews.overview(deps());
export const coverage = () => coverages.coverage(deps());
export const coveredSubtasks = (filter: CoverageFilter, sort: CoverageSort, cursor: string | null) =>
  coverages.coveredSubtasks(deps(), filter, sort, cursor);
export const reviewAndCost = () => coverages.reviewAndCost(deps());
export const listTrajectories = (filter: TrajectoryFilter, sort: TrajectorySort, cursor: string | null) =>
  trajectories.listTrajectories(deps(), filter, sort, cursor);
export const isShort = trajectories.isShort;
export const fillPage = (
  filter: TrajectoryFilter,
  sort: TrajectorySort,
  short: Parameters<typeof trajectories.fillPage>[3],
) => trajectories.fillPage(deps(), filter, sort, short);
export const listViews = () => savedViews.listViews(deps());
export const listFacets = () => trajectories.listFacets(deps());
export const reviewRows = (trajectoryId: number, runId: number | null) =>
  trajectories.reviewRows(deps(), trajectoryId, runId);
export const stepTexts = (trajectoryId: number, from: number, maxChars?: number) =>
  trajectories.stepTexts(deps(), trajectoryId, from, maxChars);
export const findSteps = (trajectoryId: number, text: string) =>
  trajectories.findSteps(deps(), trajectoryId, text);
export const neighbours = (trajectoryId: number, filter: TrajectoryFilter, sort: TrajectorySort) =>
  deps().store.trajectories.neighbours(trajectoryId, filter, sort);
export const compareTrajectories = (trajectoryId: number, otherId: number | null) =>
  comparisons.compareTrajectories(deps(), trajectoryId, otherId);
export const getRollout = (rolloutId: number) => trajectories.getRollout(deps(), rolloutId);
export const listCritics = () => critiques.listCritics(deps());

export const listRuns = (cursor: string | null) => runs.listRuns(deps(), cursor);
export const getRun = (runId: number) => deps().store.runs.get(runId);
export const compareStrategies = (runId: number) => strategies.compareStrategies(deps(), runId);
export const runView = (runId: number) => runs.runView(deps(), runId);
export const moreRollouts = (runId: number, budget: number) => runs.moreRollouts(deps(), runId, budget);
export const limitHistory = (runId: number) => endpoints.limitHistory(deps(), runId);
export const previewRule = (runId: number, rule: VerdictRule) => previews.previewRule(deps(), runId, rule);
export const runTrajectories = (runId: number, cursor: string | null) =>
  runs.runTrajectories(deps(), runId, cursor);

export const listCollections = (cursor: string | null) => collections.listCollections(deps(), cursor);
export const collectionView = (collectionId: number) => collections.collectionView(deps(), collectionId);
export const collectionEpisodes = (collectionId: number, cursor: string | null) =>
  collections.collectionEpisodes(deps(), collectionId, cursor);
export const playableEnvironments = () => collections.playableEnvironments(deps());

export const listCampaigns = (cursor: string | null) => campaigns.listCampaigns(deps(), cursor);
export const campaignView = (campaignId: number) => campaigns.campaignView(deps(), campaignId);

export const listDatasets = (cursor: string | null) => datasets.listDatasets(deps(), cursor);
export const getDataset = (datasetId: number) => datasets.getDataset(deps(), datasetId);

export const datasetPart = (datasetId: number, part: ExamplePart) =>
  datasetParts.datasetPart(deps(), datasetId, part);
export const datasetVersions = (name: string) => deps().store.datasets.versions(name);
export const datasetIteration = (datasetId: number) => deps().store.datasets.iteration(datasetId);
export const datasetAgain = (datasetId: number) => datasetParts.datasetAgain(deps(), datasetId);
export const compareDatasets = (a: number, b: number, part: datasetComparisons.GroupPart | null) =>
  datasetComparisons.compareDatasets(deps(), a, b, part);

export const listTrainings = (cursor: string | null) => trainings.listTrainings(deps(), cursor);
export const trainingView = (trainingId: number) => trainings.trainingView(deps(), trainingId);
export const trainingEvents = (trainingId: number, cursor: string | null) =>
  trainings.trainingEvents(deps(), trainingId, cursor);
export const trainingData = (datasetId: number) => trainings.trainingData(deps(), datasetId);
export const listTrainingProviders = () => trainings.listTrainingProviders(deps());
export const trainerChoices = () => trainings.trainerChoices();
export const policyTrainedOn = (datasetId: number) => trainings.policyTrainedOn(deps(), datasetId);
export const maskFormats = () => masks.maskFormats();
export const previewMask = (datasetId: number, ask: Parameters<typeof masks.previewMask>[2]) =>
  masks.previewMask(deps(), datasetId, ask);
export const countMask = (datasetId: number, format: string) => masks.countMask(deps(), datasetId, format);

export const listImports = (cursor: string | null) => imports.listImports(deps(), cursor);
export const importView = (importId: number, cursor: string | null) =>
  imports.importView(deps(), importId, cursor);

export const listVerifications = (cursor: string | null) => verifications.listVerifications(deps(), cursor);
export const verificationView = (verificationId: number) =>
  verifications.verificationView(deps(), verificationId);
export const verificationEntries = (verificationId: number, cursor: string | null) =>
  verifications.verificationEntries(deps(), verificationId, cursor);

export const environmentView = (environmentId: number) => environments.environmentView(deps(), environmentId);
export const environmentSubtasks = (
  environmentId: number,
  filter: { taskType: string | null; split: Split | null },
  cursor: string | null,
) => environments.environmentSubtasks(deps(), environmentId, filter, cursor);
export const listEnvironments = () => environments.listEnvironments(deps());
export const listPolicies = () => policies.listPolicies(deps());
export const policyServers = (policy: PolicyRow) => endpoints.endpointsOf(deps(), policy);
/** The kinds of policy and environment that can be added, with their descriptions. */
export const policyKinds = () =>
  Object.values(deps().policies).map(({ kind, title, description }) => ({ kind, title, description }));
export const environmentDrivers = () =>
  Object.values(deps().environments).map(({ driverId, title, description, normalizer, needs }) => ({
    driverId,
    title,
    description,
    normalizer,
    needs,
  }));
