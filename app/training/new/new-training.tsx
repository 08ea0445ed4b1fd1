"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { TrainerNotice } from "@/lib/core/trainer";
import { Notices } from "@/components/training/notices";
import { emptySettings, settingsIn } from "@/components/training/settings-draft";
import { SettingsFields } from "@/components/training/settings-fields";
import { Button, ButtonLink } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import { describedBy, Field, Select } from "@/components/ui/field";
import { Fact, Facts } from "@/components/ui/facts";
import { plural } from "@/components/ui/numbers";
import { Section } from "@/components/ui/section";
import { useAct } from "../../use-act";
import { startTraining } from "../actions";

type Props = {
  data: {
    dataset: { datasetId: number; name: string; contentHash: string };
    train: number;
    validation: number;
  };
  datasets: { datasetId: number; name: string }[];
  providers: { providerId: number; name: string; about: string; notices: TrainerNotice[] }[];
};

/** Chooses who trains a dataset and how, and says what is handed over. */
export function NewTraining({ data, datasets, providers }: Props) {
  const router = useRouter();
  const { pending, failure, act } = useAct();
  const [providerId, setProviderId] = useState(providers[0]?.providerId ?? 0);
  const [draft, setDraft] = useState(emptySettings);
  const { dataset, train, validation } = data;
  const settings = settingsIn(draft);
  const chosen = providers.find((provider) => provider.providerId === providerId);
  const offered = datasets.some(({ datasetId }) => datasetId === dataset.datasetId)
    ? datasets
    : [dataset, ...datasets];
  return (
    <form
      className="flex max-w-[720px] flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (settings)
          act(
            () => startTraining({ datasetId: dataset.datasetId, providerId, settings }),
            ({ trainingId }) => router.push(`/training/${trainingId}`),
          );
      }}
    >
      <Section title="What is handed over">
        <div className="flex flex-col gap-3">
          <Field id="dataset" label="Dataset">
            <Select
              id="dataset"
              value={dataset.datasetId}
              onChange={(event) => router.replace(`/training/new?dataset=${event.currentTarget.value}`)}
            >
              {offered.map(({ datasetId, name }) => (
                <option key={datasetId} value={datasetId}>
                  {name}
                </option>
              ))}
            </Select>
          </Field>
          <Facts>
            <Fact name="to train on">{plural(train, "example")}</Fact>
            <Fact name="held out">{validation === 0 ? "none" : plural(validation, "example")}</Fact>
            <Fact name="content">
              <code className="text-xs">{dataset.contentHash.slice(0, 16)}</code>
            </Fact>
          </Facts>
        </div>
      </Section>
      <Section title="Who trains, and how">
        <div className="flex flex-col gap-5">
          <Field id="provider" label="Provider" hint={chosen?.about}>
            <Select
              id="provider"
              value={providerId}
              aria-describedby={describedBy("provider")}
              onChange={(event) => setProviderId(Number(event.currentTarget.value))}
            >
              {providers.map((provider) => (
                <option key={provider.providerId} value={provider.providerId}>
                  {provider.name}
                </option>
              ))}
            </Select>
          </Field>
          <Notices notices={chosen?.notices ?? []} />
          <SettingsFields draft={draft} onChange={(change) => setDraft({ ...draft, ...change })} />
          {failure ? <FailureNote failure={failure} /> : null}
          <div className="flex gap-2">
            <Button type="submit" variant="primary" disabled={pending || settings === null}>
              {pending ? "Starting…" : "Start training"}
            </Button>
            <ButtonLink href={`/datasets/${dataset.datasetId}`} variant="quiet">
              Cancel
            </ButtonLink>
          </div>
        </div>
      </Section>
    </form>
  );
}
