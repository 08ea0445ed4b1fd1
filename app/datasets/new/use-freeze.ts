"use client";
import { useRef, useState } from "react";
import { FreezeLine, type FreezeProgress } from "@/lib/core/dataset-freeze";
import type { Answer } from "@/lib/server/answer";

type Frozen = { datasetId: number };

/** Freezes a dataset: how far it is while it goes on, and a way to stop it. */
export function useFreeze() {
  const [progress, setProgress] = useState<FreezeProgress | null>(null);
  const stopper = useRef<AbortController | null>(null);
  const freeze = async (input: unknown): Promise<Answer<Frozen>> => {
    const controller = new AbortController();
    stopper.current = controller;
    try {
      return await frozenBy(input, controller.signal, setProgress);
    } catch (error) {
      if (controller.signal.aborted) return { ok: false, error: stopped };
      throw error;
    } finally {
      setProgress(null);
    }
  };
  return { progress, freeze, stop: () => stopper.current?.abort() };
}

const stopped = { code: "conflict", message: "Freezing was stopped; nothing was stored." } as const;

async function frozenBy(
  input: unknown,
  signal: AbortSignal,
  tell: (progress: FreezeProgress) => void,
): Promise<Answer<Frozen>> {
  const response = await fetch("/api/datasets/freeze", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(input),
    signal,
  });
  if (!response.body) throw new Error("the server answered nothing");
  for await (const line of linesOf(response.body)) {
    const said = FreezeLine.parse(JSON.parse(line));
    if ("datasetId" in said) return { ok: true, value: said };
    if ("error" in said) return { ok: false, error: said.error };
    tell(said);
  }
  throw new Error("the answer ended early");
}

async function* linesOf(body: NonNullable<Response["body"]>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    text += done ? "\n" : value;
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    yield* lines.filter((line) => line !== "");
    if (done) return;
  }
}
