"use client";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { EvidenceFields, type EvidenceDraft } from "@/components/import/evidence-fields";
import { UnderstoodEvidence as UnderstoodView } from "@/components/import/understood-evidence";
import { FailureNote, type Failed } from "@/components/ui/failure-note";
import { failedOf, storeUpload, type UnderstoodEvidence } from "./requests";
import { StoreFrame } from "./store-frame";

/** What was understood of a file of evidence, and the way to store it as a run. */
export function StoreEvidence({
  understood,
  onForget,
}: {
  understood: UnderstoodEvidence;
  onForget: () => void;
}) {
  const { upload, preview } = understood;
  const router = useRouter();
  const [storing, store] = useTransition();
  const [failed, setFailed] = useState<Failed | null>(null);
  const [draft, setDraft] = useState<EvidenceDraft>({
    name: upload.fileName.replace(/\.[a-z0-9]+$/i, "").slice(0, 200),
    checkpoint: "",
    alpha: 0,
  });
  const submit = () =>
    store(async () => {
      try {
        const { name, checkpoint, alpha } = draft;
        const evidence = { name: name.trim(), checkpoint: checkpoint.trim() || null, alpha };
        const { importId } = await storeUpload(upload.uploadId, { evidence });
        router.push(`/import/${importId}`);
      } catch (error) {
        setFailed(failedOf(error));
      }
    });
  const nothing = preview.rollouts === 0;
  return (
    <StoreFrame
      upload={upload}
      busy={storing}
      disabled={nothing || draft.name.trim() === ""}
      onStore={submit}
      onForget={onForget}
      note={undefined}
      fields={<EvidenceFields draft={draft} onChange={(change) => setDraft({ ...draft, ...change })} />}
    >
      {failed ? <FailureNote failure={failed} /> : null}
      {nothing ? (
        <FailureNote
          failure={{
            message: "No rollout of this file could be read.",
            fix: "The reasons are below. Evidence names trajectories that are already here: import those first.",
          }}
        />
      ) : null}
      <UnderstoodView preview={preview} />
    </StoreFrame>
  );
}
