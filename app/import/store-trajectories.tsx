"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import type { ImportDefaults } from "@/lib/core/ports";
import { DefaultFields } from "@/components/import/default-fields";
import { UnderstoodTrajectories as UnderstoodView } from "@/components/import/understood-trajectories";
import { FailureNote, type Failed } from "@/components/ui/failure-note";
import { failedOf, previewAgain, storeUpload, type UnderstoodTrajectories } from "./requests";
import { StoreFrame } from "./store-frame";

type Props = { understood: UnderstoodTrajectories; environments: string[]; onForget: () => void };

const unsaid: ImportDefaults = { environment: null, source: "expert", model: null, withoutReward: "unknown" };

/** Empty fields say nothing. */
function cleaned(defaults: ImportDefaults): ImportDefaults {
  const said = (text: string | null) => (text === null || text.trim() === "" ? null : text.trim());
  return { ...defaults, environment: said(defaults.environment), model: said(defaults.model) };
}

/** What was understood of a file of trajectories, read again whenever its defaults change, and the way to store it. */
export function StoreTrajectories({ understood, environments, onForget }: Props) {
  const { upload } = understood;
  const router = useRouter();
  const [storing, store] = useTransition();
  const [failed, setFailed] = useState<Failed | null>(null);
  const [draft, setDraft] = useState(unsaid);
  const [asked, setAsked] = useState(unsaid);
  const preview = useQuery({
    queryKey: ["import-preview", upload.uploadId, asked],
    queryFn: () => previewAgain(upload.uploadId, asked),
    initialData: asked === unsaid ? understood.preview : undefined,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    retry: false,
  });
  const commit = (change: Partial<ImportDefaults>) => {
    const next = { ...draft, ...change };
    setDraft(next);
    setAsked((before) => (JSON.stringify(before) === JSON.stringify(cleaned(next)) ? before : cleaned(next)));
  };
  const submit = () =>
    store(async () => {
      try {
        const { importId } = await storeUpload(upload.uploadId, { defaults: cleaned(draft) });
        router.push(`/import/${importId}`);
      } catch (error) {
        setFailed(failedOf(error));
      }
    });
  const nothing = preview.data?.accepted === 0 && !preview.data.more;
  return (
    <StoreFrame
      upload={upload}
      busy={storing}
      disabled={nothing || preview.isFetching}
      onStore={submit}
      onForget={onForget}
      note={preview.isFetching ? "reading again…" : undefined}
      fields={
        <DefaultFields
          defaults={draft}
          environments={environments}
          onChange={(change) => setDraft({ ...draft, ...change })}
          onCommit={commit}
        />
      }
    >
      {failed ? <FailureNote failure={failed} /> : null}
      {preview.error ? <FailureNote failure={failedOf(preview.error)} /> : null}
      {nothing ? (
        <FailureNote
          failure={{
            message: "No record of this file could be read.",
            fix: "The reasons are below. If records only lack their environment, name it on the left.",
          }}
        />
      ) : null}
      {preview.data ? <UnderstoodView preview={preview.data} /> : null}
    </StoreFrame>
  );
}
