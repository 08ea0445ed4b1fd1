import { z } from "zod";
import { formIn, startTrainerServer, type Bytes, type Called, type Faults } from "./trainer-server";

const Body = z.looseObject({ model: z.string(), training_file: z.string() });
type Job = {
  id: string;
  status: string;
  body: z.infer<typeof Body>;
  model_output_name: string;
  events: object[];
};

export type TogetherServer = Awaited<ReturnType<typeof startTogetherServer>>;

/**
 * A server on loopback that speaks Together's `/files/upload`, `/files` and `/fine-tunes`, as lib/trainers/together.ts cites
 * them: jobs move only by `move`.
 */
export async function startTogetherServer(faults: Faults = {}) {
  const files: { id: string; filename: string; bytes: number; content: string; purpose: string }[] = [];
  const jobs: Job[] = [];
  const shown = ({ id, status, body, model_output_name, events }: Job) => ({
    ...{ id, status, model_output_name, events, user_id: "user-1" },
    ...{ model: body.model, training_file: body.training_file },
  });
  const uploaded = async (called: Called, body: Bytes) => {
    const form = await formIn(called, body);
    const [file, name] = [form.get("file"), form.get("file_name")];
    if (!(file instanceof File) || typeof name !== "string" || form.get("file_type") !== "jsonl")
      return [400, { error: { message: "no file, name or type" } }] as const;
    const content = await file.text();
    const at = { id: `file-${files.length + 1}`, filename: name, bytes: Buffer.byteLength(content) };
    files.push({ ...at, content, purpose: String(form.get("purpose")) });
    return [
      200,
      { object: "file", purpose: "fine-tune", FileType: "jsonl", Processed: true, ...at },
    ] as const;
  };
  const server = await startTrainerServer((called, body) => {
    const { path } = called;
    const posted = called.method === "POST";
    if (path === "/files/upload" && posted) return uploaded(called, body);
    if (path === "/files") return [200, { data: files.map(({ content: _, ...file }) => file) }];
    if (path === "/fine-tunes" && posted) {
      const given = Body.parse(JSON.parse(body.toString("utf8")));
      const at = { id: `ft-${jobs.length + 1}`, model_output_name: `me/${given.model}-${jobs.length + 1}` };
      const job = { ...at, status: "pending", body: given, events: [] };
      jobs.push(job);
      return [200, shown(job)];
    }
    if (path === "/fine-tunes") return [200, { data: jobs.map(shown) }];
    const [, id, part] = /^\/fine-tunes\/([^/]+)(?:\/(\w+))?$/.exec(path) ?? [];
    const job = jobs.find((each) => each.id === id);
    if (!job) return [404, { error: { message: `no such thing as ${path}` } }];
    if (part === "events") return [200, { data: job.events.toReversed() }];
    if (part === "cancel" && posted) job.status = "cancelled";
    return [200, shown(job)];
  }, faults);
  return {
    ...server,
    ...{ files, jobs },
    /** Moves the newest job, and says something of it. */
    move(status: string, event: object = {}) {
      const job = jobs.at(-1);
      if (!job) throw new Error("there is no job to move");
      job.status = status;
      const at = new Date(Date.UTC(2026, 0, 1, 0, job.events.length)).toISOString();
      const said = { object: "fine-tune-event", created_at: at, type: status, message: `it is ${status}` };
      job.events.push({ ...said, level: "info", ...event });
    },
  };
}
