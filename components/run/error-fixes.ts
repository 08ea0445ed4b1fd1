import { errorCodes, type ErrorCode } from "@/lib/core/errors";

const fixes: Record<ErrorCode, string> = {
  invalid_input: "Check the settings of the environment and the policy, then retry.",
  not_found:
    "The environment does not know this subtask: check that it serves the data the trajectory was recorded on.",
  conflict: "Another worker took this over. Retry.",
  forbidden: "The environment or endpoint refused access: check its key and permissions, then retry.",
  unauthenticated: "The environment or endpoint asks for a key: give it one, then retry.",
  too_large: "What was sent is larger than is taken. Send less at once, then retry.",
  environment_unavailable:
    "Start the environment, or correct its paths on the environments page, then retry.",
  environment_error: "The environment broke while acting. Look at the worker’s log, then retry.",
  replay_diverged:
    "The environment answered differently than when the expert acted. Check that it serves the data the trajectory was recorded on; the trajectory page shows the difference.",
  not_replayable:
    "Give the environment a driver on the environments page, or import rollouts made elsewhere as evidence.",
  endpoint_unavailable: "Check that the model server is up and its address is right, then retry.",
  endpoint_rejected: "The model server refused the request: check model name, key and limits, then retry.",
  rate_limited: "The model server asked to slow down for longer than was waited. Retry later.",
  context_overflow:
    "The conversation is longer than the model can read. Use a model with a longer context, or fewer steps.",
  content_filter:
    "The endpoint’s filter refused the conversation. Use another endpoint for this environment.",
  request_refused: "The model server refused this one request. Look at its message, then retry.",
  bad_reply:
    "No action could be read in the model’s replies. Check that the policy follows the prompt’s format.",
  poison: "This rollout ended its worker several times. Look at the worker’s log before retrying.",
  internal: "Something unexpected broke. Look at the worker’s log, then retry.",
};

/** What to do about rollouts that ended with this code. */
export function fixFor(code: string): string {
  const known = errorCodes.find((each) => each === code);
  if (known) return fixes[known];
  return "Run it again where it was made, and import it anew.";
}
