import { expect, it, vi } from "vitest";
import { failureOf } from "@/lib/api/failure";
import { AppError } from "@/lib/core/errors";
import { ReplayDiverged } from "@/lib/core/replay";

it("is known by its own kind where it was bundled twice, and nothing else is", async () => {
  vi.resetModules();
  const { AppError: Other } = await import("@/lib/core/errors");
  expect(Other).not.toBe(AppError);
  const error = new Other("not_found", "there is no dataset 7", { fix: "look at the list" });
  expect(error).toBeInstanceOf(AppError);
  expect(failureOf(error)).toEqual({
    code: "not_found",
    message: "there is no dataset 7",
    fix: "look at the list",
  });
  expect(error).not.toBeInstanceOf(ReplayDiverged);
  expect(new Error("there is no dataset 7")).not.toBeInstanceOf(AppError);
  expect([null, undefined, "not_found", { code: "not_found" }].some((each) => each instanceof AppError)).toBe(
    false,
  );
});
