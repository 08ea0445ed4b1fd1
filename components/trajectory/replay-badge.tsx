/** `ReplayBadge`: whether the expert's actions, replayed, gave what was recorded. `ReplayIcon` is its short form for rows. */
import { CircleCheck, CircleDashed, CircleSlash, TriangleAlert, type LucideIcon } from "lucide-react";
import type { ReplayState } from "@/lib/core/run";
import { Badge, type Tone } from "@/components/ui/badge";

type Look = { word: string; meaning: string; icon: LucideIcon; tone: Tone; text: string };

const looks: Record<ReplayState, Look> = {
  verified: {
    word: "replay verified",
    meaning: "replaying the actions gave exactly the recorded observations",
    icon: CircleCheck,
    tone: "neutral",
    text: "text-ink-2",
  },
  unchecked: {
    word: "replay unchecked",
    meaning: "the actions have not been replayed yet",
    icon: CircleDashed,
    tone: "neutral",
    text: "text-ink-3",
  },
  diverged: {
    word: "replay diverged",
    meaning: "the environment answered differently than when the expert acted",
    icon: TriangleAlert,
    tone: "warn",
    text: "text-undecided",
  },
  not_replayable: {
    word: "not replayable",
    meaning: "its environment cannot be run here; evidence comes from elsewhere",
    icon: CircleSlash,
    tone: "neutral",
    text: "text-ink-3",
  },
};

export function ReplayBadge({ state }: { state: ReplayState }) {
  const look = looks[state];
  const Icon = look.icon;
  return (
    <Badge tone={look.tone} title={look.meaning}>
      <Icon aria-hidden />
      {look.word}
    </Badge>
  );
}

export function ReplayIcon({ state }: { state: ReplayState }) {
  const look = looks[state];
  const Icon = look.icon;
  return (
    <span role="img" aria-label={look.word} title={`${look.word}: ${look.meaning}`} className={look.text}>
      <Icon aria-hidden className="size-3.5" />
    </span>
  );
}
