import { agentgym } from "./agentgym-fields";
import type { DriverField } from "./driver-field";
import { scienceworld } from "./scienceworld-fields";
import { textcraft } from "./textcraft-fields";
import { webshop } from "./webshop-fields";

/** The settings each driver's form asks for; a driver that is not here is set up as JSON. */
export const driverFields: Record<string, DriverField[]> = { webshop, textcraft, scienceworld, agentgym };
