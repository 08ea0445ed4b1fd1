import { describe, expect, it } from "vitest";
import { compareTrajectories } from "@/lib/usecases/compare";
import { aStep, aTrajectory } from "../support/factories";
import { useStore } from "../support/store";

const db = useStore();

describe("the attempts at a subtask", () => {
  it("are its trajectories, newest first, and no others", async () => {
    const draft = (seed: number, success: boolean) =>
      aTrajectory({ subtaskKey: "same", success, instruction: "Same." }, seed);
    const { trajectoryIds } = await db.store.trajectories.add(
      [draft(701, false), draft(702, true), aTrajectory({ subtaskKey: "else" }, 703)],
      null,
    );
    const [first = 0, second = 0, other = 0] = trajectoryIds;
    const attempts = await db.store.trajectories.attempts(first, 10);
    expect(attempts.map((each) => [each.trajectoryId, each.success])).toEqual([
      [second, true],
      [first, false],
    ]);
    expect(await db.store.trajectories.attempts(first, 1)).toHaveLength(1);
    expect(await db.store.trajectories.attempts(other, 10)).toMatchObject([{ trajectoryId: other }]);
    await expect(db.store.trajectories.attempts(999_999, 10)).rejects.toMatchObject({ code: "not_found" });
  });

  it("are compared from the first step that was seen or done differently, however far down", async () => {
    const long = (seed: number, at: number, action: string) => {
      const steps = Array.from({ length: 120 }, (_, i) => aStep(i === at ? { action } : {}, i));
      return aTrajectory({ subtaskKey: "long", success: seed === 712, steps }, seed);
    };
    const { trajectoryIds } = await db.store.trajectories.add(
      [long(711, 0, "look[it]"), long(712, 113, "stop"), long(713, 113, "go on")],
      null,
    );
    const [alone = 0, solved = 0, failed = 0] = trajectoryIds;
    const compared = await compareTrajectories(db, failed, null);
    expect(compared).toMatchObject({ differsAt: 113, other: { trajectoryId: solved, success: true } });
    expect(compared.attempts.map(({ trajectoryId }) => trajectoryId)[0]).toBe(solved);
    expect((await compareTrajectories(db, failed, alone)).differsAt).toBe(0);
    expect((await compareTrajectories(db, failed, failed)).differsAt).toBe(120);
    const [stranger = 0] = (await db.store.trajectories.add([aTrajectory({}, 714)], null)).trajectoryIds;
    expect((await compareTrajectories(db, failed, stranger)).other).toBeNull();
    expect((await compareTrajectories(db, stranger, null)).other).toBeNull();
  });
});
