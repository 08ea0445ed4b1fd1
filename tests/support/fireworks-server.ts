import { z } from "zod";
import { formIn, startTrainerServer, type Faults } from "./trainer-server";

const DatasetBody = z.strictObject({
  datasetId: z.string(),
  dataset: z.strictObject({ userUploaded: z.strictObject({}), exampleCount: z.string() }),
});
const JobBody = z.looseObject({ baseModel: z.string(), dataset: z.string() });
type Job = { name: string; state: string; body: z.infer<typeof JobBody>; more: object };

export type FireworksServer = Awaited<ReturnType<typeof startFireworksServer>>;

const ACCOUNT = "/accounts/me/";
const missing = (path: string) => [404, { error: { message: `no such thing as ${path}` } }] as const;

/**
 * A server on loopback that speaks Fireworks' `datasets` and `supervisedFineTuningJobs` of the account `me`, as
 * lib/trainers/fireworks.ts cites them: jobs move only by `move`.
 * @param looks how often an uploaded dataset is still being looked at when it is asked for
 */
export async function startFireworksServer({ looks = 0, ...faults }: Faults & { looks?: number } = {}) {
  const datasets = new Map<string, { content: string | null; looks: number }>();
  const jobs: Job[] = [];
  const shown = ({ name, state, body, more }: Job) => ({ ...body, name, state, ...more });
  const server = await startTrainerServer(async (called, body) => {
    const { path } = called;
    const posted = called.method === "POST";
    if (!path.startsWith(ACCOUNT)) return missing(path);
    const [, kind, id, verb] = /^(\w+)(?:\/([a-z0-9-]+))?(?::(\w+))?$/.exec(path.slice(ACCOUNT.length)) ?? [];
    if (kind === "datasets" && posted && !id) {
      const { datasetId } = DatasetBody.parse(JSON.parse(body.toString("utf8")));
      if (datasets.has(datasetId)) return [409, { error: { message: "it exists already" } }];
      datasets.set(datasetId, { content: null, looks });
      return [200, { name: `accounts/me/datasets/${datasetId}`, state: "UPLOADING" }];
    }
    if (kind === "datasets") {
      const dataset = datasets.get(id ?? "");
      if (!dataset) return missing(path);
      if (verb === "upload" && posted) {
        const file = (await formIn(called, body)).get("file");
        if (!(file instanceof File)) return [400, { error: { message: "no file" } }];
        dataset.content = await file.text();
        return [200, { id, object: "file", bytes: file.size, filename: file.name }];
      }
      const ready = dataset.content !== null && dataset.looks-- <= 0;
      return [200, { name: `accounts/me/datasets/${id}`, state: ready ? "READY" : "UPLOADING" }];
    }
    if (kind !== "supervisedFineTuningJobs") return missing(path);
    if (posted && !id) {
      const given = JobBody.parse(JSON.parse(body.toString("utf8")));
      const name = `accounts/me/supervisedFineTuningJobs/${called.query.get("supervisedFineTuningJobId")}`;
      if (jobs.some((job) => job.name === name)) return [409, { error: { message: "it exists already" } }];
      const job = { name, state: "JOB_STATE_CREATING", body: given, more: {} };
      jobs.push(job);
      return [200, shown(job)];
    }
    const job = jobs.find((each) => each.name.endsWith(`/${id}`));
    if (!job) return missing(path);
    if (verb === "cancel" && posted) job.state = "JOB_STATE_CANCELLED";
    return [200, shown(job)];
  }, faults);
  return {
    ...server,
    ...{ datasets, jobs },
    /** Moves the newest job, and says more of it. */
    move(state: string, more: object = {}) {
      const job = jobs.at(-1);
      if (!job) throw new Error("there is no job to move");
      Object.assign(job, { state: `JOB_STATE_${state}`, more: { ...job.more, ...more } });
    },
  };
}
