import type { TrainerDriver } from "@/lib/core/trainer";
import type { TrainingKind } from "@/lib/core/training";
import { command } from "./command";
import { fireworks } from "./fireworks";
import { openai } from "./openai";
import { together } from "./together";

export { allowedCommand, allowedCommands } from "./commands";

/** Every kind of fine-tune provider there is. */
export const trainers = { openai, together, fireworks, command } as const satisfies Record<
  TrainingKind,
  TrainerDriver
>;

/** As the work on a provider sees it: its settings are checked by its own schema first. */
export const trainerDrivers: Record<string, TrainerDriver> = trainers;
