const titles: Record<string, string> = {
  native: "Gleaner JSONL",
  agenttraj: "AgentTraj",
  "llama-factory": "LLaMA-Factory ShareGPT",
  eto: "ETO ShareGPT",
  agentinstruct: "AgentInstruct",
  openai: "OpenAI chat",
  "tau-bench": "tau-bench results",
  "tau2-bench": "tau2-bench results",
  atif: "ATIF",
  adp: "Agent data protocol",
  "swe-agent": "SWE-agent .traj",
  "mini-swe-agent": "mini-swe-agent .traj.json",
  "swe-trajectories": "SWE-agent rows",
  inspect: "Inspect log",
  "otel-genai": "OpenTelemetry spans",
  episodes: "Plain episodes",
};

/** A format as people call it; one without a name here keeps its own. */
export function formatWords(format: string): string {
  return titles[format] ?? format;
}
