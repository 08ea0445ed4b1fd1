import { describe, expect, it } from "vitest";
import { lossEvents, lossIn } from "@/lib/core/training-log";
import { waitAfter } from "@/lib/core/training";
import { hyperparametersIn } from "@/lib/trainers/hyperparameters";
import { openai } from "@/lib/trainers/openai";

const none = { validLoss: null, step: null, totalSteps: null };

describe("a loss in a line of a log", () => {
  it.each([
    ['{"loss": 0.5, "step": 10}', { ...none, loss: 0.5, step: 10 }],
    ["{'loss': 1.25, 'grad_norm': 3.1, 'learning_rate': 2e-05, 'epoch': 0.4}", { ...none, loss: 1.25 }],
    ["{'loss': '0.4213', 'epoch': '1'}", { ...none, loss: 0.4213 }],
    [
      "  5%|▍         | 20/42 [01:36<32:05, 48.14s/it]          {'loss': '10.11', 'epoch': '0.1'}",
      { ...none, loss: 10.11, step: 20, totalSteps: 42 },
    ],
    [" 10%|█| 1/10 [00:01<00:09]{'loss': 7e-3, 'step': 5}", { ...none, loss: 0.007, step: 5 }],
    ["100%|█| 2/2 [00:01<00:00, 2it/s] {'eval_loss': 0.5}", { ...none, loss: null, validLoss: 0.5 }],
    ["Map: 27/27 [00:00<00:00, 9 examples/s] done {'loss': 2}", { ...none, loss: 2 }],
    [
      '{"eval_loss": 0.75, "global_step": 20, "max_steps": 40}',
      { loss: null, validLoss: 0.75, step: 20, totalSteps: 40 },
    ],
    ['{"train_loss": 2, "step": 1.5}', { ...none, loss: 2 }],
  ])("%s", (line, expected) => expect(lossIn(line)).toEqual(expected));

  it.each([
    "",
    "loss: 0.5",
    "{'loss': nan}",
    '{"loss": 1e999}',
    '{"loss": "lots"}',
    '{"loss": 0.5',
    '{"gloss": 0.5}',
    "100%|█| 10/10 [04:12<00:00]{'train_runtime': '252.3', 'train_loss': '8.4', 'epoch': '2'}",
    `${"x".repeat(5000)}{"loss": 0.5}`,
  ])("is not taken from %s", (line) => expect(lossIn(line)).toBeNull());

  it("of a hostile line costs no time", () => {
    const line = `{"loss"${" ".repeat(2_000_000)}:`;
    const since = performance.now();
    expect(lossIn(line)).toBeNull();
    expect(performance.now() - since).toBeLessThan(100);
  });
});

it("losses without a step are numbered on from the last", () => {
  const lines = [
    "{'loss': 3}",
    "nothing",
    "{'eval_loss': 2.5}",
    "{'loss': 2}",
    '{"loss": 1, "step": 10}',
    "{'loss': 0.5}",
  ];
  const { events, step } = lossEvents(
    lines.map((text, i) => ({ offset: 100 + i, text })),
    4,
    new Date(0),
  );
  expect(events.map((event) => [event.key, event.step, event.loss, event.validLoss])).toEqual([
    ["log 100", 5, 3, null],
    ["log 102", 5, null, 2.5],
    ["log 103", 6, 2, null],
    ["log 104", 10, 1, null],
    ["log 105", 11, 0.5, null],
  ]);
  expect(step).toBe(11);
});

it("a provider is left alone longer after each failure, and never asked before it said", () => {
  expect([1, 2, 3, 9, 60].map((failures) => waitAfter(failures, null, 15_000))).toEqual([
    2000, 4000, 8000, 300_000, 300_000,
  ]);
  expect(waitAfter(1, 90_000, 15_000)).toBe(90_000);
  expect(waitAfter(1, 1e12, 15_000)).toBe(3_000_000);
});

it("what is left to the provider is not sent", () => {
  const settings = {
    model: "m",
    suffix: null,
    seed: null,
    epochs: null,
    batchSize: null,
    learningRate: null,
    extra: {},
  };
  const style = { hyperparameterStyle: "top-level", learningRate: "rate" } as const;
  expect(hyperparametersIn(style, settings)).toEqual({});
  expect(hyperparametersIn({ ...style, hyperparameterStyle: "method" }, settings)).toEqual({
    method: { type: "supervised", supervised: {} },
  });
});

it("OpenAI itself takes no fewer than ten examples, and no key goes to a cloud’s metadata", () => {
  const config = openai.Config.parse({ baseURL: "https://api.openai.com/v1" });
  expect(openai.fewest(config)).toBe(10);
  expect(openai.fewest({ ...config, baseURL: "http://127.0.0.1:8000/v1" })).toBe(1);
  for (const baseURL of ["http://169.254.169.254/v1", "file:///etc/passwd", "http://user:password@host/v1"])
    expect(openai.Config.safeParse({ baseURL }).success).toBe(false);
});
