import { bc } from "./bc";
import { critic } from "./critic";
import { eef } from "./eef";
import { ipr } from "./ipr";
import { rft } from "./rft";
import type { Assessment, Strategy, StrategyFacts, StrategyName } from "./strategy";

/** Every strategy there is, in the order they are shown. */
export const strategies = { eef, rft, bc, ipr, critic } as const satisfies Record<StrategyName, Strategy>;

export const strategyList: Strategy[] = Object.values(strategies);

export type Assessments = Record<StrategyName, Assessment>;

/** What every strategy says of one trajectory. */
export function assessAll(facts: StrategyFacts): Assessments {
  return {
    eef: eef.assess(facts),
    rft: rft.assess(facts),
    bc: bc.assess(facts),
    ipr: ipr.assess(facts),
    critic: critic.assess(facts),
  };
}
