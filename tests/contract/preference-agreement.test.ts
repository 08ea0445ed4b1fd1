import { describe, expect, it } from "vitest";
import type { Exporter } from "@/lib/core/ports";
import { dpoOpenai, dpoTrl } from "@/lib/exporters/dpo";
import { kto } from "@/lib/exporters/kto";
import { actionsOf, trainedIn } from "@/lib/exporters/path";
import { prm } from "@/lib/exporters/prm";
import { exportRows } from "@/lib/exporters/rows";
import { contextOf, examples } from "../support/examples";

const { forked } = examples;
const harmful = ["click[Back]"];
const lostAtFork = ["click[Back]", "search[mittens]", "click[B9]"];

/** Labels of the rows where other examples of the subtask train these actions, each the last of its path. */
function labels(exporter: Exporter, ...trained: string[][]): boolean[][] {
  const trains = (actions: readonly string[]) =>
    trained.some((each) => JSON.stringify(each) === JSON.stringify(actions));
  const { rows } = exportRows(exporter, forked, { ...contextOf(forked), trains });
  return rows.map(({ judged = [] }) => judged.map(({ good }) => good));
}

describe("an action that another example of the subtask trains in the same state", () => {
  it("is not a bad one for KTO, whose file would say both of it", () => {
    expect(labels(kto)).toEqual([[false], [true], [true], [true], [false]]);
    expect(labels(kto, harmful)).toEqual([[true], [true], [true], [false]]);
    expect(labels(kto, harmful, lostAtFork)).toEqual([[true], [true], [true]]);
  });

  it.each([dpoTrl, dpoOpenai])("is not rejected in $format", (exporter) => {
    expect(labels(exporter)).toEqual([[true, false]]);
    expect(labels(exporter, lostAtFork)).toEqual([]);
  });

  it("is a good step for a reward model", () => {
    expect(labels(prm)).toEqual([
      [false, true, true, true],
      [false, true, false],
    ]);
    expect(labels(prm, harmful, lostAtFork)).toEqual([[true, true, true, true]]);
  });

  it("is told by all that was done before it, whatever was thought", () => {
    const trains = trainedIn([forked]);
    const actions = actionsOf(forked);
    expect(actions.map((_, i) => trains(actions.slice(0, i + 1)))).toEqual([false, true, true, true]);
    expect(trains(actions.slice(1))).toBe(false);
    const otherThought = structuredClone(forked);
    for (const message of otherThought.messages)
      message.content = message.content?.replace("I search.", "So.") ?? null;
    expect(trainedIn([otherThought])(actions.slice(0, 2))).toBe(true);
  });
});
