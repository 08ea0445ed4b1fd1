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
    [" 10%|█         | 1/10 [00:01<00:09]{'loss': 7e-3, 'epoch': 0.1}", { ...none, loss: 0.007 }],
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
  const { events, place } = lossEvents(
    lines.map((text, i) => ({ offset: 100 + i, text })),
    { step: 4, bar: null },
    new Date(0),
  );
  expect(events.map((event) => [event.key, event.step, event.loss, event.validLoss])).toEqual([
    ["log 100", 5, 3, null],
    ["log 102", 5, null, 2.5],
    ["log 103", 6, 2, null],
    ["log 104", 10, 1, null],
    ["log 105", 11, 0.5, null],
  ]);
  expect(place.step).toBe(11);
});

it("losses have the step of the training's own progress bar, as TRL prints both", () => {
  const printed = [
    "Tokenizing train dataset: 100%|██████████| 27/27 [00:00<00:00, 134.34 examples/s]",
    "  0%|          | 0/40 [00:00<?, ?it/s]",
    " 25%|██▌       | 10/40 [00:07<01:11,  7.92s/it]{'loss': '10.39', 'epoch': '0.2'}",
    " 50%|█████     | 20/40 [00:15<01:00,  7.59s/it]",
    "                                              ",
    "{'loss': '9.75', 'epoch': '0.8'}",
    "100%|██████████| 1/1 [00:00<00:00, 125.75it/s]",
    "{'eval_loss': '9.491', 'epoch': '1'}",
    "{'loss': '9.31', 'epoch': '1.2'}",
    " 75%|███████▌  | 30/40 [01:32<01:18, 19.73s/it]{'loss': '9.1', 'epoch': '1.4'}",
  ].map((text, offset) => ({ offset, text }));
  const { events, place, totalSteps } = lossEvents(printed, { step: 0, bar: null }, new Date(0));
  expect(events.map(({ step, loss, validLoss }) => [step, loss ?? validLoss])).toEqual([
    [10, 10.39],
    [20, 9.75],
    [20, 9.491],
    [21, 9.31],
    [30, 9.1],
  ]);
  expect({ place, totalSteps }).toEqual({ place: { step: 30, bar: [30, 40] }, totalSteps: 40 });
  // Read in two parts, it is the same.
  const first = lossEvents(printed.slice(0, 4), { step: 0, bar: null }, new Date(0));
  const rest = lossEvents(printed.slice(4), first.place, new Date(0));
  expect([...first.events, ...rest.events]).toEqual(events);
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
