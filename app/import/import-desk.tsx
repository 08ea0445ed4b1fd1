"use client";
import { useRef, useState, type ReactNode } from "react";
import { DropZone } from "@/components/import/drop-zone";
import { Button } from "@/components/ui/button";
import { FailureNote, type Failed } from "@/components/ui/failure-note";
import { formatPercent } from "@/components/ui/numbers";
import { ProgressBar } from "@/components/ui/progress-bar";
import { failedOf, sendFile, type Understood } from "./requests";
import { SampleButtons } from "./sample-buttons";
import { StoreEvidence } from "./store-evidence";
import { StoreTrajectories } from "./store-trajectories";

type State =
  | { at: "waiting"; failed: Failed | null }
  | { at: "sending"; fileName: string; share: number }
  | { at: "understood"; understood: Understood };

/** From a file to its import: send it, look at what was understood, say what is missing, store. */
export function ImportDesk({ environments, children }: { environments: string[]; children: ReactNode }) {
  const [state, setState] = useState<State>({ at: "waiting", failed: null });
  const sending = useRef<AbortController | null>(null);
  const send = async (file: File) => {
    if (file.size === 0) {
      setState({ at: "waiting", failed: { message: `${file.name} is empty.`, fix: "Choose another file." } });
      return;
    }
    const stop = new AbortController();
    sending.current = stop;
    const show = (share: number) => setState({ at: "sending", fileName: file.name, share });
    show(0);
    try {
      setState({ at: "understood", understood: await sendFile(file, show, stop.signal) });
    } catch (error) {
      setState({ at: "waiting", failed: failedOf(error) });
    }
  };
  const forget = () => setState({ at: "waiting", failed: null });
  if (state.at === "understood") {
    const { understood } = state;
    return understood.kind === "evidence" ? (
      <StoreEvidence understood={understood} onForget={forget} />
    ) : (
      <StoreTrajectories understood={understood} environments={environments} onForget={forget} />
    );
  }
  return (
    <div className="flex flex-col gap-4">
      {state.at === "waiting" ? (
        <>
          {state.failed ? <FailureNote failure={state.failed} /> : null}
          <DropZone onFile={(file) => void send(file)} note={<Readable />} />
          <SampleButtons
            onFile={(file) => void send(file)}
            onFailure={(failed) => setState({ at: "waiting", failed })}
          />
        </>
      ) : (
        <Sending fileName={state.fileName} share={state.share} onStop={() => sending.current?.abort()} />
      )}
      {children}
    </div>
  );
}

function Readable() {
  return (
    <>
      Trajectories: AgentTraj, ShareGPT, OpenAI chat, ATIF, ADP, SWE-agent, Inspect, tau-bench, OpenTelemetry
      and Langfuse spans, Gleaner’s own JSONL. Evidence: one rollout per line. JSON, JSONL (also gzipped), ZIP
      or Parquet. Nothing is stored before you have seen what was understood.
    </>
  );
}

function Sending({ fileName, share, onStop }: { fileName: string; share: number; onStop: () => void }) {
  return (
    <div className="flex flex-col gap-3 rounded border border-line bg-surface px-6 py-8">
      <p className="text-base" aria-live="polite">
        {share < 1 ? `Sending ${fileName}: ${formatPercent(share)}` : `Reading ${fileName}…`}
      </p>
      <ProgressBar
        label={`Upload of ${fileName}`}
        total={100}
        parts={[{ count: Math.round(share * 100), tone: "accent", word: "percent sent" }]}
      />
      <div>
        <Button onClick={onStop}>Stop</Button>
      </div>
    </div>
  );
}
