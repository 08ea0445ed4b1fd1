"use client";
import type { Failed } from "@/components/ui/failure-note";
import { Button } from "@/components/ui/button";

const samples = [
  { file: "sample-trajectories.jsonl", word: "three sample trajectories" },
  { file: "sample-evidence.jsonl", word: "rollouts for them" },
] as const;

/** For trying it out without a file of one's own: made-up trajectories, and evidence that fits them. */
export function SampleButtons(props: { onFile: (file: File) => void; onFailure: (failed: Failed) => void }) {
  const load = async (name: string) => {
    const response = await fetch(`/${name}`).catch(() => null);
    if (response?.ok) props.onFile(new File([await response.blob()], name));
    else
      props.onFailure({
        message: `The sample ${name} could not be loaded.`,
        fix: "Check that Gleaner is running.",
      });
  };
  return (
    <p className="flex flex-wrap items-center gap-2 text-sm text-ink-2">
      No file at hand? Try
      {samples.map(({ file, word }, i) => (
        <span key={file} className="contents">
          <Button size="sm" onClick={() => void load(file)}>
            {word}
          </Button>
          {i === 0 ? "and then" : null}
        </span>
      ))}
      or save{" "}
      {samples.map(({ file }, i) => (
        <span key={file} className="contents">
          <a href={`/${file}`} download className="underline underline-offset-2 hover:text-ink">
            {file}
          </a>
          {i === 0 ? "and" : null}
        </span>
      ))}
    </p>
  );
}
