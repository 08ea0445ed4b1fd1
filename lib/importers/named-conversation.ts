import type { ImportDefaults } from "@/lib/core/ports";
import type { TrajectoryDraft } from "@/lib/core/trajectory";
import { environmentOf, outcomeOf } from "./outcome";
import { environmentIn } from "./sharegpt";
import { instructionOf, type Turns } from "./turns";

/** What a conversation file says of one episode beside its turns. */
type Named = {
  id: string;
  environment?: string | null | undefined;
  reward?: number | null | undefined;
  model?: string | null | undefined;
};

/**
 * The draft of an episode whose id names its environment and subtask, as in AgentTraj, ETO and AgentInstruct.
 * @throws AppError invalid_input when no environment is named, or the reward is on no known scale
 */
export function namedConversation(said: Named, turns: Turns, defaults: ImportDefaults): TrajectoryDraft {
  const environment = environmentOf(
    said.environment ?? environmentIn(said.id, defaults.environment),
    defaults,
  );
  return {
    environment,
    subtaskKey: said.id,
    instruction: instructionOf(turns),
    source: defaults.source,
    model: said.model ?? defaults.model,
    ...outcomeOf(said, environment, defaults),
    ...turns,
    tools: null,
    externalId: said.id,
  };
}
