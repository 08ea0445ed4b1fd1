/** `TrainingFacts`: where a training stands and what it is, in one quiet line. */
import Link from "next/link";
import type { TrainingRow } from "@/lib/core/training-store";
import { Badge } from "@/components/ui/badge";
import { CopyText } from "@/components/ui/copy-text";
import { Fact, Facts } from "@/components/ui/facts";
import { Time } from "@/components/ui/time";
import { settingsWords, stateWords } from "./training-words";

export function TrainingFacts({ training }: { training: TrainingRow }) {
  const { word, tone } = stateWords(training);
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <Badge tone={tone}>{word}</Badge>
      <Facts>
        {training.phase === null ? null : <Fact name="it says">{training.phase}</Fact>}
        <Fact name="provider">{training.provider}</Fact>
        <Fact name="dataset">
          <Link href={`/datasets/${training.datasetId}`} className="underline underline-offset-2">
            {training.dataset}
          </Link>
        </Fact>
        <Fact name="hyperparameters">{settingsWords(training)}</Fact>
        {training.kind === "command" ? (
          <Fact name="run folder">
            <CopyText
              text={`trainings/${training.key}`}
              shown={`trainings/${training.key}`}
              name="run folder"
            />{" "}
            in the data folder
          </Fact>
        ) : training.remoteId === null ? null : (
          <Fact name="its name there">
            <CopyText
              text={training.remoteId}
              shown={training.remoteId.slice(0, 32)}
              name="name at the provider"
            />
          </Fact>
        )}
        <Fact name="by">{training.createdBy}</Fact>
        <Fact name="started">
          <Time at={training.createdAt} />
        </Fact>
      </Facts>
    </div>
  );
}
