import type { PersonRow } from "@/lib/core/rows";
import type { Deps } from "@/lib/usecases/deps";
import { exportFormats } from "@/lib/usecases/exports";
import * as bring from "./bring";
import * as campaigns from "./campaigns";
import * as collect from "./collect";
import * as curate from "./curate";
import { exportFile } from "./export";
import * as mining from "./mining";
import * as prepared from "./prepared";
import * as queues from "./queues";
import * as replays from "./replays";
import * as setup from "./setup";
import * as strategies from "./strategies";
import type { Terminal } from "./terminal";
import * as tokens from "./tokens";
import * as training from "./training";

const formats = exportFormats()
  .map(({ format }) => format)
  .join("|");

/** What a command works with. */
export type Context = { deps: Deps; person: PersonRow; terminal: Terminal };

export type Command = {
  usage: string;
  about: string;
  run(context: Context, args: string[]): Promise<void>;
};

/** Every command, in the order of the path. */
export const commands = {
  import: {
    usage:
      "import FILE… [--environment NAME] [--source expert|agent] [--model NAME] [--without-reward unknown|solved] [--format NAME] [--preview] [--resume IMPORT]",
    about:
      "store trajectories from files (JSONL, JSON, .traj, .eval, Parquet, ZIP; gzip and zstd); the format is detected. --resume goes on with an import that broke off, from the same file",
    run: bring.importFiles,
  },
  evidence: {
    usage: "evidence FILE [--name TEXT] [--checkpoint NAME] [--alpha P] [--preview]",
    about: "store rollouts made elsewhere as a run",
    run: bring.importEvidence,
  },
  environments: {
    usage: "environments [put NAME --driver NAME --config JSON]",
    about: "list environments, or add one (config of webshop: see README)",
    run: setup.environments,
  },
  policies: {
    usage: "policies [put NAME --kind openai --config JSON [--secret-env VARIABLE]]",
    about: "list policies, or add an endpoint; its key is read from an environment variable",
    run: setup.policies,
  },
  record: {
    usage:
      "record --environment NAME --policy NAME [--count N] [--first N] [--split train|dev|test] [--task-type TYPE] [--attempts K] [--source expert|agent] [--seed N] [--max-steps N] [--max-calls N] [--max-tokens N] [--concurrency N] [--name TEXT]",
    about:
      "play subtasks with a policy and store the episodes; plays here, beside any workers, until it is done",
    run: collect.record,
  },
  verify: {
    usage:
      "verify [--environment NAME] [--trajectories ID,ID…] [--source expert|agent] [--replay unchecked|verified|diverged|not_replayable]",
    about: "replay trajectories and compare every observation and reward with what was recorded",
    run: replays.verify,
  },
  mine: {
    usage:
      "mine --policy NAME [--environment NAME] [--trajectories ID,ID…] [--preset paper|uniform|careful|find] [--states M] [--attempts K] [--alpha P] [--min-attempts N] [--rule eef-1|eef-2] [--max-steps N] [--seed N] [--budget-calls N] [--budget-tokens N] [--budget-cost MONEY] [--name TEXT] [--no-wait]",
    about:
      "mine failed expert trajectories; works on the run here, beside any workers, until it is done or a budget is used up",
    run: mining.mine,
  },
  runs: {
    usage:
      "runs [show|pause|cancel|resume|retry RUN] [--budget-calls N] [--budget-tokens N] [--budget-cost MONEY]",
    about:
      "list runs, or steer one; resume goes on after a pause, a cancellation, a failure or a used-up budget, under the budget given",
    run: mining.runs,
  },
  verdicts: {
    usage: "verdicts [--run ID] [--trajectory ID]",
    about: "probed states, a verdict per action, and solutions of a run (the newest without --run)",
    run: mining.verdicts,
  },
  critique: {
    usage:
      "critique --policy NAME [--trajectories ID,ID…] [--environment NAME] [--source expert|agent] [--no-wait]",
    about:
      "ask a model once what it thinks of every action; needs no environment, an opinion that changes no verdict",
    run: strategies.critique,
  },
  strategies: {
    usage: "strategies [RUN]",
    about:
      "what EEF, RFT, BC, IPR and the critic would train on of a run (the newest), and where they disagree",
    run: strategies.strategies,
  },
  review: {
    usage:
      "review --run ID --trajectory ID (--step N | --solution STATE) --decision approve|veto|promote|withdraw [--reason R] [--note TEXT]",
    about: "decide on an action or a solution",
    run: curate.review,
  },
  queue: {
    usage:
      "queue [new NAME [--run ID] [--environment NAME] [--sort ORDER] [--reviewers N] [--blind SHARE] [--gold N] [--seed N] [--people NAME,NAME…] | show QUEUE]",
    about:
      "list review queues, make one of failed expert trajectories that were mined, or print how far one is and how well people agree",
    run: queues.queue,
  },
  dataset: {
    usage:
      "dataset --name TEXT [--run ID] [--trajectories ID,ID…] [--environment NAME] [--policy approved|not_vetoed] [--runs ID,ID…] [--include-solved] [--kinds bc,rft,eef,promoted] [--validation-share P] [--split-seed N] [--cap N] [--include-stale] [--include-undecided] [--leave-out stale,undecided] [--preview] | rebuild DATASET | compare A B | manifest DATASET [--out FILE]",
    about:
      "freeze a dataset from the trajectories of a run, or from chosen ones, as the next version where its name is taken; make one again and compare bytes; say what differs between two and why; print where every trained turn comes from",
    run: curate.dataset,
  },
  campaign: {
    usage:
      "campaign [new NAME --environment NAME [--model NAME] [--split train|dev|test] [--task-type TYPE] [--count N] [--first N] [--preset paper|uniform|careful|find] [--states M] [--attempts K] [--max-steps N] [--seed N] [--no-starts] | start CAMPAIGN --policy NAME [--no-wait] | dataset CAMPAIGN [--policy approved|not_vetoed] [--name TEXT] [--without-stale] | show CAMPAIGN]",
    about:
      "repeat exploring and training: begin a campaign, start its next iteration with a checkpoint, freeze D_k, print its figures",
    run: campaigns.campaign,
  },
  export: {
    usage: `export DATASET --format ${formats} [--out DIR|FILE.zip|-] | [--provenance] [--split train|validation] [--out FILE.jsonl] | --prepare [--no-wait]`,
    about:
      "write a dataset in a trainer's format: a folder, a zip of it, or one plain file (stdout without --out); --prepare writes the zip into the data folder here, beside any workers, where its page links it and a download can be resumed",
    run: exportFile,
  },
  exports: {
    usage: "exports DATASET | show EXPORT | cancel EXPORT | remove EXPORT",
    about: "list what is prepared of a dataset, look at one, end it, or remove its file",
    run: prepared.preparedExports,
  },
  train: {
    usage:
      "train --dataset ID --provider NAME --model NAME [--suffix TEXT] [--seed N] [--epochs N] [--batch-size N] [--learning-rate X] [--extra JSON] [--no-wait]",
    about: "hand a dataset to a provider and follow the training here, beside any workers, until it is over",
    run: training.train,
  },
  training: {
    usage:
      "training [show ID | cancel ID | providers | provider NAME --kind openai|together|fireworks|command --config JSON [--secret-env VARIABLE]]",
    about:
      "list trainings, look at one or end it; list providers or add one, its key read from an environment variable",
    run: training.training,
  },
  token: {
    usage: "token [new NAME [--scope read|write] | list | revoke TOKEN]",
    about: "make a token for the HTTP API, which acts as you and is shown once, list them, or revoke one",
    run: tokens.token,
  },
} as const satisfies Record<string, Command>;
