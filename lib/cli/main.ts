import { env } from "@/lib/config/env";
import { AppError } from "@/lib/core/errors";
import { environments } from "@/lib/environments/registry";
import { createQueue } from "@/lib/jobs/queue";
import { policies } from "@/lib/policies/registry";
import { createStore } from "@/lib/store/store";
import { commands } from "./commands";

const help = `gleaner: from failed expert trajectories to masked training data

${Object.values(commands)
  .map((command) => `  ${command.usage}\n      ${command.about}`)
  .join("\n")}

Every command takes --json for one JSON value on stdout. Progress goes to stderr.
`;

async function main([name, ...args]: string[]): Promise<number> {
  const command =
    name === undefined ? undefined : Object.entries(commands).find(([key]) => key === name)?.[1];
  if (!command) {
    const asked = name === undefined || name === "help" || name === "--help";
    (asked ? process.stdout : process.stderr).write(
      asked ? help : `error: there is no command “${name}”\n\n${help}`,
    );
    return asked ? 0 : 2;
  }
  const abort = new AbortController();
  process.once("SIGINT", () => abort.abort());
  const url = env().DATABASE_URL;
  const store = createStore(url);
  const queue = createQueue(url, "web");
  try {
    const person = await store.people.ensure(env().GLEANER_PERSON);
    const terminal = { json: args.includes("--json"), signal: abort.signal };
    await command.run({ deps: { store, queue, environments, policies }, person, terminal }, args);
    return 0;
  } catch (error) {
    return complain(error, args.includes("--json"));
  } finally {
    await queue.close();
    await store.close();
  }
}

function complain(error: unknown, json: boolean): number {
  const known = error instanceof AppError;
  if (!known) console.error(error);
  const message = known ? error.message : "this is a bug in Gleaner; what it says stands above";
  const fix = known ? error.fix : undefined;
  if (json)
    process.stdout.write(
      JSON.stringify({ error: { code: known ? error.code : "internal", message, fix } }) + "\n",
    );
  process.stderr.write(`error: ${message}\n${fix === undefined ? "" : `fix:   ${fix}\n`}`);
  return 1;
}

process.exitCode = await main(process.argv.slice(2));
