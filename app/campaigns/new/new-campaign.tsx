"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { newDraft, settingsOf, type CampaignDraft } from "@/components/campaign/campaign-draft";
import { CampaignFields } from "@/components/campaign/campaign-fields";
import type { Playable } from "@/components/collection/collection-draft";
import { Button } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import { Section } from "@/components/ui/section";
import { useAct } from "../../use-act";
import { createCampaign } from "../actions";

type Props = { environments: Playable[]; models: string[]; first: number };

/** Sets a campaign up and begins it; nothing explores before an iteration is started. */
export function NewCampaign({ environments, models, first }: Props) {
  const router = useRouter();
  const { pending, failure, act } = useAct();
  const [draft, setDraft] = useState<CampaignDraft>(newDraft(first));
  const settings = settingsOf(draft);
  return (
    <form
      className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_380px]"
      onSubmit={(event) => {
        event.preventDefault();
        if (settings)
          act(
            () => createCampaign(settings),
            ({ campaignId }) => router.push(`/campaigns/${campaignId}`),
          );
      }}
    >
      <Section title="Set-up">
        <CampaignFields
          draft={draft}
          environments={environments}
          models={models}
          onChange={(change) => setDraft({ ...draft, ...change })}
        />
      </Section>
      <div className="sticky top-4">
        <Section title="What it will do">
          <div className="flex flex-col gap-4">
            <p className="text-sm text-ink-2">
              Each iteration explores with one checkpoint, then freezes what to train the next one on. The
              expert’s trajectories that are there now take part; what is imported later does not move its
              figures. Nothing is spent before you start an iteration.
            </p>
            {settings === null ? (
              <p className="text-sm text-ink-2">
                {draft.name.trim() === ""
                  ? "Give it a name."
                  : "A number or a name in the set-up does not fit."}
              </p>
            ) : null}
            {failure ? <FailureNote failure={failure} /> : null}
            <Button type="submit" variant="primary" disabled={pending || settings === null}>
              {pending ? "Beginning…" : "Begin the campaign"}
            </Button>
          </div>
        </Section>
      </div>
    </form>
  );
}
