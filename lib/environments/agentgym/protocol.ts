import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { AgentGymConfig } from "./config";
import type { Kind, Start, Stepped } from "./kinds";
import { errorIn, oneLine, strange, type Answer, type Server } from "./server";

/** What a server of a kind is asked, and how its answers are understood. */
export type Protocol = {
  create(): Promise<number>;
  /** Begins a task in an instance. @throws AppError not_found when there is no such task; else as `step` */
  reset(id: number, index: number): Promise<Start>;
  /** @throws `InstanceLost`; AppError environment_error when it broke, environment_unavailable without an answer */
  step(id: number, action: string): Promise<Stepped>;
  /** Words the game accepts, where it has a list. */
  vocabulary(id: number): Promise<string[]>;
  close(id: number): Promise<void>;
};

/** The server does not know an instance it made: it was restarted, or someone else closed it. */
export class InstanceLost extends AppError {
  constructor(base: string, id: number) {
    super(
      "environment_error",
      `the AgentGym server at ${base} no longer knows its instance ${id}: was it restarted?`,
      {
        fix: "retry the run: a new instance is made for the next episode",
        retryable: true,
      },
    );
  }
}

const Clickables = z.object({ clickables: z.array(z.string()) });
const ResetObject = z.object({
  observation: z.string(),
  task_description: z.string().optional(),
  available_actions: z.array(z.string()).optional(),
});
const ResetPair = z.tuple([z.string(), z.null()]);
const StepObject = z.object({
  observation: z.string().optional(),
  state: z.string().optional(),
  reward: z.union([z.number(), z.boolean()]).transform(Number),
  score: z.number().optional(),
  done: z.boolean(),
  available_actions: z.array(z.string()).optional(),
});

export function protocolOf(config: AgentGymConfig, kind: Kind, server: Server): Protocol {
  const { prefix, family } = kind;
  const named = (id: number) => ({ [family]: id });
  const get = (route: string, id: number) => server.get(`${prefix}/${route}?${family}=${id}`);
  const checked = async (answer: Answer, route: string, id: number): Promise<unknown> => {
    if (answer.ok && errorIn(answer.body) === null) return answer.body;
    throw await failureOf(server, kind, config.kind, { answer, route, id });
  };
  const actionsOf = async (id: number, step: Pick<Stepped, "actions" | "text">) => {
    if (kind.actions === "answered") return step.actions;
    if (kind.actions === "in-text") return actionsIn(step.text);
    if (kind.actions !== "asked") return kind.actions === null ? null : [...kind.actions];
    const body = await checked(await get("available_actions", id), "available_actions", id);
    return shaped(Clickables, body, server, config.kind, "GET /available_actions").clickables;
  };
  return {
    create: () => createIn(server, kind, config.kind),
    async reset(id, index) {
      const world = config.kind === "alfworld" ? { world_type: config.worldType } : {};
      const answer = await server.post(`${prefix}/reset`, {
        ...named(id),
        [kind.resetField]: index,
        ...world,
      });
      const start = startOf(kind, await checked(answer, "reset", id), server, config.kind);
      // Clients of the second family take what they show from here, not from the reset.
      if (family === "env_idx")
        start.observation = shaped(
          z.string(),
          await checked(await get("observation", id), "observation", id),
          server,
          config.kind,
          "GET /observation",
        );
      return { ...start, actions: await actionsOf(id, { ...start, text: start.observation }) };
    },
    async step(id, action) {
      const answer = await server.post(`${prefix}/step`, { ...named(id), action });
      const step = stepOf(kind, await checked(answer, "step", id), server, config.kind);
      return { ...step, actions: step.done ? null : await actionsOf(id, step) };
    },
    async vocabulary(id) {
      if (config.kind !== "wordle") return [];
      const body = await checked(await get("filtered_vocab", id), "filtered_vocab", id);
      return shaped(z.array(z.string()), body, server, config.kind, "GET /filtered_vocab");
    },
    async close(id) {
      if (kind.closes) await server.post(`${prefix}/close`, named(id));
    },
  };
}

async function createIn(server: Server, kind: Kind, name: string): Promise<number> {
  const answer = await server.post(`${kind.prefix}/create`, kind.create);
  const unusable = (how: string, retryable = false) =>
    new AppError("environment_unavailable", `the AgentGym server at ${server.base} ${how} (POST /create)`, {
      fix: retryable
        ? "look at the server's own log, then retry"
        : `check that the address is that of a ${kind.program} server, or set the kind to what it serves`,
      retryable,
    });
  if (!answer.ok) {
    const said = `answered with status ${answer.status}: ${oneLine(answer.text)}`;
    if (answer.status === 422) throw unusable(`did not understand how ${name} makes an instance; it ${said}`);
    throw unusable(said, answer.status >= 500);
  }
  const error = errorIn(answer.body);
  if (error !== null) throw unusable(`could not make an instance: ${oneLine(error)}`, true);
  const bare = z.int().min(0).safeParse(answer.body);
  const wrapped = z.object({ id: z.int().min(0) }).safeParse(answer.body);
  if (kind.family === "env_idx" && bare.success) return bare.data;
  if (kind.family === "id" && wrapped.success) return wrapped.data.id;
  if (bare.success)
    throw unusable(
      `answers with a bare number, as webshop, sqlgym, searchqa and the tools do: it does not serve ${name}`,
    );
  if (wrapped.success)
    throw unusable(
      `answers with an id, as sciworld, alfworld, babyai, textcraft, maze and wordle do: it does not serve ${name}`,
    );
  throw unusable("made no instance that can be read");
}

type Failed = { answer: Answer; route: string; id: number };

/** What a refused reset, step or question means. */
async function failureOf(
  server: Server,
  kind: Kind,
  name: string,
  { answer, route, id }: Failed,
): Promise<AppError> {
  const what = `${route} of ${name}`;
  if (answer.ok) {
    const said = errorIn(answer.body) || "no words for it";
    if (/\bid \S+ is not valid|has been deleted/.test(said)) return new InstanceLost(server.base, id);
    if (route === "reset" && /index out of range|The game \S+ is not valid/.test(said))
      return new AppError(
        "not_found",
        `the AgentGym server at ${server.base} has no such task: ${oneLine(said)}`,
      );
    if (/has finished/.test(said))
      return new AppError("invalid_input", `the episode is over: ${oneLine(said)}`, {
        fix: "open a new episode; make sure nobody else uses this process's instances",
      });
    return strange(server.base, what, `reports an error: ${oneLine(said)}`);
  }
  if (answer.status === 422)
    return strange(server.base, what, `did not understand the request: ${oneLine(answer.text)}`);
  if (answer.status >= 500 && kind.family === "env_idx" && (await forgot(server, id)))
    return new InstanceLost(server.base, id);
  return strange(server.base, what, `answered with status ${answer.status}: ${oneLine(answer.text)}`);
}

/** Whether a server that lists its instances lists this one no more. */
async function forgot(server: Server, id: number): Promise<boolean> {
  const listed = await server.get("/list_envs").catch(() => null);
  const ids = z.array(z.number()).safeParse(listed?.ok ? listed.body : null);
  return ids.success && !ids.data.includes(id);
}

function shaped<T>(shape: z.ZodType<T>, body: unknown, server: Server, name: string, what: string): T {
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue && issue.path.length > 0 ? ` at ${issue.path.join(".")}` : "";
  throw strange(
    server.base,
    what,
    `answers otherwise than ${name} does${where}: ${issue?.message ?? ""}`,
    parsed.error,
  );
}

function startOf(kind: Kind, body: unknown, server: Server, name: string): Start {
  const read = <T>(shape: z.ZodType<T>) => shaped(shape, body, server, name, "POST /reset");
  if (kind.resetShape === "text")
    return { observation: read(z.string()), taskDescription: null, actions: null };
  if (kind.resetShape === "pair")
    return { observation: read(ResetPair)[0], taskDescription: null, actions: null };
  const {
    observation,
    task_description: taskDescription = null,
    available_actions = null,
  } = read(ResetObject);
  const start = { observation, taskDescription, actions: available_actions };
  if (kind.resetAlso !== null && start[kind.resetAlso] === null)
    throw strange(server.base, "POST /reset", `answers without the ${kind.resetAlso} ${name} gives`);
  return start;
}

function stepOf(kind: Kind, body: unknown, server: Server, name: string): Stepped {
  const answer = shaped(StepObject, body, server, name, "POST /step");
  const { reward, score = null, done, available_actions } = answer;
  const text = answer[kind.textField];
  const [low, high] = kind.scale;
  const counted = kind.counts === "score" ? score : reward;
  if (text === undefined || counted === null)
    throw strange(server.base, "POST /step", `answers without the text or score ${name} gives`);
  if (counted < low || counted > high)
    throw strange(server.base, "POST /step", `gave a reward of ${counted}, outside ${low}..${high}`);
  return { text, reward, score, done, actions: available_actions ?? null };
}

/** BabyAI lists what can be done at the end of its text, as JSON unless there is nothing. */
function actionsIn(text: string): string[] | null {
  const list = /\nAvailable actions: (\[.*\])$/.exec(text)?.[1];
  if (list === undefined) return null;
  try {
    return z.array(z.string()).nullable().catch(null).parse(JSON.parse(list));
  } catch {
    return null;
  }
}
