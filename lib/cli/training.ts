import { AppError, wrongFields } from "@/lib/core/errors";
import { trainingKinds } from "@/lib/core/training";
import type { TrainingRow } from "@/lib/core/training-store";
import { trainHere } from "@/lib/jobs/train-here";
import {
  cancelTraining,
  listTrainingProviders,
  listTrainings,
  putTrainingProvider,
  startTraining,
  trainingEvents,
  TrainingInput,
  trainingView,
} from "@/lib/usecases/trainings";
import type { Context } from "./commands";
import { jsonObject } from "./setup";
import { oneOf, progress, readArguments, required, say, wholeNumber } from "./terminal";

/** Hands a dataset to a provider, and follows it to its end. */
export async function train({ deps, person, terminal }: Context, args: string[]): Promise<void> {
  const { values } = readArguments(args, {
    dataset: { type: "string" },
    provider: { type: "string" },
    model: { type: "string" },
    suffix: { type: "string" },
    seed: { type: "string" },
    epochs: { type: "string" },
    "batch-size": { type: "string" },
    "learning-rate": { type: "string" },
    extra: { type: "string" },
    "no-wait": { type: "boolean" },
  });
  const rate = values["learning-rate"];
  const input = TrainingInput.safeParse({
    datasetId: required("dataset", wholeNumber("dataset", values.dataset)),
    providerId: await providerNamed(deps, required("provider", values.provider)),
    settings: {
      model: required("model", values.model),
      suffix: values.suffix ?? null,
      seed: wholeNumber("seed", values.seed) ?? null,
      epochs: wholeNumber("epochs", values.epochs) ?? null,
      batchSize: wholeNumber("batch-size", values["batch-size"]) ?? null,
      learningRate: rate === undefined ? null : Number(rate),
      extra: jsonObject("extra", values.extra ?? "{}"),
    },
  });
  if (!input.success) throw new AppError("invalid_input", wrongFields(input.error));
  const { trainingId } = await startTraining(deps, person.personId, input.data);
  progress(`training ${trainingId}`);
  if (!values["no-wait"]) await trainHere(deps, trainingId, terminal.signal, progress);
  const row = await deps.store.trainings.get(trainingId);
  say(terminal, row, line(row));
  if (row.state === "failed") process.exitCode = 1;
}

/** Trainings and the providers they are handed to. */
export async function training(context: Context, args: string[]): Promise<void> {
  const { deps, terminal } = context;
  const { values, positionals } = readArguments(args, {
    kind: { type: "string" },
    config: { type: "string" },
    "secret-env": { type: "string" },
  });
  const [verb, which] = positionals;
  const id = () => required("ID", wholeNumber("ID", which));
  if (verb === undefined) {
    const { rows } = await listTrainings(deps, null);
    return say(terminal, rows, rows.map(line).join("\n") || "no trainings yet");
  }
  if (verb === "show") return show(context, id());
  if (verb === "cancel") {
    const trainingId = id();
    await cancelTraining(deps, trainingId);
    const row = await deps.store.trainings.get(trainingId);
    return say(terminal, row, line(row));
  }
  if (verb === "providers") {
    const rows = await listTrainingProviders(deps);
    const each = rows.map((row) => `${row.providerId}  ${row.name}  ${row.kind}`);
    return say(terminal, rows, each.join("\n") || "no providers yet");
  }
  if (verb === "provider") return put(context, required("NAME", which), values);
  throw new AppError("invalid_input", `there is no “training ${verb}”`, {
    fix: "use show, cancel, providers or provider",
  });
}

type Given = { kind?: string | undefined; config?: string | undefined; "secret-env"?: string | undefined };

async function put({ deps, terminal }: Context, name: string, given: Given): Promise<void> {
  const variable = given["secret-env"];
  const secret = variable === undefined ? undefined : process.env[variable];
  if (variable !== undefined && !secret)
    throw new AppError("invalid_input", `the variable ${variable} is not set`);
  const kind = required("kind", oneOf("kind", given.kind, trainingKinds));
  const config = jsonObject("config", given.config ?? "{}");
  const row = await putTrainingProvider(deps, { name, kind, config, secret });
  say(terminal, row, `provider ${row.name} is ${row.providerId}`);
}

async function show({ deps, terminal }: Context, trainingId: number): Promise<void> {
  const view = await trainingView(deps, trainingId);
  const { rows } = await trainingEvents(deps, trainingId, null);
  const said = rows
    .toReversed()
    .map(({ at, level, message }) => `${at.toISOString()} ${level} ${plain(message)}`);
  const { errorMessage } = view.training;
  const why = errorMessage === null ? [] : [`why: ${plain(errorMessage)}`];
  say(terminal, { ...view, events: rows }, [line(view.training), ...why, ...said].join("\n"));
}

/** What others wrote must not steer the reader's terminal. */
const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ");

function line(row: TrainingRow): string {
  const { trainingId, state, phase, settings, dataset, provider, step, totalSteps, policy, checkpoint } = row;
  const steps = step === null ? "" : `  step ${step}${totalSteps === null ? "" : `/${totalSteps}`}`;
  const result = policy === null ? (checkpoint ?? "no policy yet") : `policy ${policy}`;
  const doing = phase === null ? state : `${state} (${plain(phase)})`;
  return `${trainingId}  ${doing}  ${settings.model} on ${dataset} by ${provider}${steps}  ${plain(result)}`;
}

/** @throws AppError not_found listing the known names */
async function providerNamed(deps: Context["deps"], name: string): Promise<number> {
  const rows = await listTrainingProviders(deps);
  const found = rows.find((row) => row.name === name);
  if (found) return found.providerId;
  throw new AppError("not_found", `there is no training provider “${name}”`, {
    fix:
      rows.length === 0
        ? "add one: npm run gleaner -- training provider NAME --kind command"
        : `use one of ${rows.map((row) => row.name).join(", ")}`,
  });
}
