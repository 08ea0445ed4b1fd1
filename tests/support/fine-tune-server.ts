import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { z } from "zod";

/** What goes wrong with one request instead of, or after, what it asks for. */
export type Fault =
  | { fault: "status"; status: number; retryAfter?: string }
  /** The connection is cut before anything is done. */
  | { fault: "cut" }
  /** What was asked is done, but the answer never arrives. */
  | { fault: "lost" }
  | { fault: "slow"; ms: number };

export type Asked = { method: string; path: string; authorization: string | undefined };

const JobBody = z.looseObject({
  model: z.string(),
  training_file: z.string(),
  metadata: z.record(z.string(), z.string()).optional(),
});
type Job = {
  id: string;
  status: string;
  body: z.infer<typeof JobBody>;
  fine_tuned_model: string | null;
  error: object | null;
};
type Event = { id: string; created_at: number; level: string; message: string; data?: object };

export type FineTuneServer = Awaited<ReturnType<typeof startFineTuneServer>>;

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

/** The one file of a multipart body, without a parser of all that may be in one. */
function fileIn(body: Buffer): { filename: string; content: Buffer } {
  const text = body.toString("latin1");
  const head = /filename="([^"]+)"[^]*?\r\n\r\n/.exec(text);
  const boundary = text.slice(0, text.indexOf("\r\n"));
  // The other parts may stand before or after the file.
  const boundaries = [...text.matchAll(/--[^\r\n]+(?=\r\n|$)/g)].map(({ index }) => index);
  if (!head) throw new Error(`no file in a body that begins with ${boundary}`);
  const from = head.index + head[0].length;
  const to = boundaries.find((index) => index > from && text.slice(index - 2, index) === "\r\n");
  return { filename: head[1] ?? "", content: body.subarray(from, (to ?? body.length) - 2) };
}

/**
 * A server on loopback that speaks OpenAI's files and fine_tuning/jobs, as far as it is told: jobs move only by `move`.
 * @param fault what goes wrong with a request; null: nothing
 */
export async function startFineTuneServer(
  options: { fault?: (asked: Asked) => Fault | null; lists?: boolean } = {},
) {
  const asked: Asked[] = [];
  const files: { id: string; filename: string; bytes: number; content: string }[] = [];
  const jobs: Job[] = [];
  const events = new Map<string, Event[]>();
  const checkpoints = new Map<string, object[]>();
  const lists = options.lists ?? true;

  const page = <T extends { id: string }>(all: T[], url: URL) => {
    const after = all.findIndex(({ id }) => id === url.searchParams.get("after"));
    const limit = Number(url.searchParams.get("limit") ?? 20);
    const data = all.slice(after + 1, after + 1 + limit);
    return { object: "list", data, has_more: after + 1 + limit < all.length };
  };
  const shown = ({ id, status, body, fine_tuned_model, error }: Job) => ({
    ...{ object: "fine_tuning.job", id, status, fine_tuned_model, error, created_at: 1 },
    ...{ model: body.model, training_file: body.training_file, metadata: body.metadata ?? null },
  });

  /** Does what is asked; answers what there is to answer. */
  const done = (method: string, url: URL, body: Buffer): [number, unknown] => {
    const path = url.pathname.replace("/v1", "");
    if (path === "/files" && method === "POST") {
      const { filename, content } = fileIn(body);
      const file = { id: `file-${files.length + 1}`, filename, bytes: content.length };
      files.push({ ...file, content: content.toString("utf8") });
      return [200, { object: "file", purpose: "fine-tune", ...file }];
    }
    if (path === "/files" && lists)
      return [200, page(files.map(({ id, filename, bytes }) => ({ id, filename, bytes })).reverse(), url)];
    if (path === "/fine_tuning/jobs" && method === "POST") {
      const id = `ftjob-${jobs.length + 1}`;
      const job = { id, status: "validating_files", fine_tuned_model: null, error: null };
      jobs.push({ ...job, body: JobBody.parse(JSON.parse(body.toString("utf8"))) });
      return [200, shown(jobs.at(-1)!)];
    }
    if (path === "/fine_tuning/jobs" && lists) return [200, page(jobs.map(shown).reverse(), url)];
    const [, id, part] = /^\/fine_tuning\/jobs\/([^/]+)(?:\/(\w+))?$/.exec(path) ?? [];
    const job = jobs.find((each) => each.id === id);
    if (!job) return [404, { error: { message: `no such thing as ${path}` } }];
    if (part === "events") return [200, page((events.get(job.id) ?? []).toReversed(), url)];
    if (part === "checkpoints") return [200, { data: checkpoints.get(job.id) ?? [], has_more: false }];
    if (part === "cancel" && method === "POST") job.status = "cancelled";
    return [200, shown(job)];
  };

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const seen = {
      method: request.method ?? "",
      path: url.pathname,
      authorization: request.headers.authorization,
    };
    asked.push(seen);
    const fault = options.fault?.(seen) ?? null;
    if (fault?.fault === "cut") return void request.socket.destroy();
    const body = await bytesOf(request);
    if (fault?.fault === "status") {
      const headers: Record<string, string> = fault.retryAfter ? { "retry-after": fault.retryAfter } : {};
      return json(response, fault.status, { error: { message: "not now" } }, headers);
    }
    const [status, answer] = done(seen.method, url, body);
    if (fault?.fault === "lost") return void request.socket.destroy();
    if (fault?.fault === "slow") await new Promise((resolve) => setTimeout(resolve, fault.ms));
    json(response, status, answer);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) =>
      json(response, 500, { error: { message: String(error) } }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    baseURL: `http://127.0.0.1:${address.port}/v1`,
    asked,
    files,
    jobs,
    /** How often something was asked for. */
    times: (method: string, path: string) =>
      asked.filter((each) => each.method === method && each.path === path).length,
    /** Moves the newest job, and says a loss of each step up to this. */
    move(status: string, change: { steps?: number; model?: string; error?: string } = {}) {
      const job = jobs.at(-1);
      if (!job) throw new Error("there is no job to move");
      job.status = status;
      job.fine_tuned_model = change.model ?? job.fine_tuned_model;
      job.error = change.error === undefined ? job.error : { message: change.error, code: "x", param: null };
      const told = events.get(job.id) ?? [];
      for (let step = told.length + 1; step <= (change.steps ?? 0); step++) {
        const data = {
          step,
          total_steps: 10,
          train_loss: 2 / step,
          ...(step % 5 === 0 ? { valid_loss: 3 / step } : {}),
        };
        told.push({
          id: `ev-${step}`,
          created_at: 1000 + step,
          level: "info",
          message: `Step ${step}`,
          data,
        });
      }
      events.set(job.id, told);
    },
    checkpoint(step: number) {
      const at = { created_at: 2000, step_number: step, metrics: { step, full_valid_loss: 0.5 } };
      const checkpoint = { id: `ckpt-${step}`, fine_tuned_model_checkpoint: `ft:x:ckpt-${step}`, ...at };
      checkpoints.set(jobs.at(-1)?.id ?? "", [checkpoint]);
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
