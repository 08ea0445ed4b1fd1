import pg from "pg";
const t: Record<string, { n: number; ms: number; values: unknown; text: string }> = {};
const orig = pg.Client.prototype.query as any;
let on = false;
(pg.Client.prototype as any).query = function (this: any, ...a: any[]) {
  const began = performance.now();
  const text = typeof a[0] === "string" ? a[0] : a[0]?.text;
  const values = a[0]?.values ?? a[1];
  const note = () => { if (!on || !text) return; const k = text.replace(/\s+/g, " "); const o = (t[k] ??= { n: 0, ms: 0, values, text }); o.n++; o.ms += performance.now() - began; o.values = values; };
  const last = a.at(-1);
  if (typeof last === "function") a[a.length - 1] = (...x: any[]) => { note(); return last(...x); };
  const r = orig.apply(this, a);
  if (r?.then) r.then(note, note);
  return r;
};
const { createStore } = await import("@/lib/store/store");
const url = process.env.DATABASE_URL!;
const store = createStore(url);
const any = { source: null, success: null, environmentId: null, subtaskId: null, coverage: null, model: null, minReward: null, maxReward: null, runId: null, verdict: null, review: null, replay: null, disagreement: null, text: null, said: null } as any;
const failed = { ...any, source: "expert", success: false };
const filter = { ...failed, ...JSON.parse(process.argv[2] ?? "{}") };
const sorts = (process.argv[3] ?? "newest").split(",");
const explain = process.argv[4] === "x";
const c = new pg.Client({ connectionString: url }); await c.connect();
for (const sort of sorts as any[]) {
  for (const k of Object.keys(t)) delete t[k];
  const took: number[] = [];
  let cursor: string | null = null;
  for (let i = 0; i < 33; i++) { on = i >= 3; const b = performance.now(); const p = await store.trajectories.list(filter, sort, cursor, 100); if (on) took.push(performance.now() - b); cursor = i % 10 === 9 ? null : p.next; }
  took.sort((a, b) => a - b);
  console.log(sort, "p50", took[15]!.toFixed(1), "p95", took[28]!.toFixed(1), "max", took[29]!.toFixed(1));
  for (const [k, v] of Object.entries(t).sort((a, b) => b[1].ms - a[1].ms).slice(0, 4)) console.log("  ", (v.ms / v.n).toFixed(1), "ms x", v.n, k.slice(0, explain ? 900 : 130));
  if (explain) { const [, v] = Object.entries(t).sort((a, b) => b[1].ms - a[1].ms)[0]!; await c.query("set plan_cache_mode=force_custom_plan"); const r = await orig.call(c, "explain (analyze, buffers, costs off) " + v.text, v.values); console.log(r.rows.map((x: any) => x["QUERY PLAN"].slice(0, 150)).filter((x: string) => !/Memory|Index Searches|Sort Method|Storage|Cache|Hits/.test(x)).join("\n")); }
}
await c.end(); await store.close();
