/** `QueueFields`: what a new review queue asks: its name, how many people and who, and what is hidden or known. */
import { Field, Input } from "@/components/ui/field";
import { NumberField } from "@/components/ui/number-field";
import { queueRanges, type QueueDraft } from "./queue-draft";

export function QueueFields(props: { draft: QueueDraft; onChange: (change: Partial<QueueDraft>) => void }) {
  const { draft, onChange } = props;
  return (
    <div className="flex max-w-[72ch] flex-col gap-5">
      <Field id="queue-name" label="Name">
        <Input
          id="queue-name"
          required
          maxLength={200}
          value={draft.name}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
      </Field>
      <NumberField
        id="reviewers"
        label="People per trajectory"
        hint="Each judges on their own. Where they agree it is decided, where they differ somebody adjudicates."
        range={queueRanges.reviewers}
        value={draft.reviewers}
        onChange={(reviewers) => onChange({ reviewers })}
      />
      <Field id="people" label="Who" hint="Names, separated by commas. Nobody named: anybody may.">
        <Input
          id="people"
          value={draft.people}
          placeholder="anybody"
          aria-describedby="people-hint"
          onChange={(event) => onChange({ people: event.currentTarget.value })}
        />
      </Field>
      <div className="grid grid-cols-2 gap-4">
        <NumberField
          id="blind"
          label="Hidden verdicts, in percent"
          hint="On this share, drawn at random, the miner’s verdict is hidden until the vote: it shows how much seeing it sways people."
          range={queueRanges.blind}
          value={draft.blind}
          onChange={(blind) => onChange({ blind })}
        />
        <NumberField
          id="gold"
          label="Gold trajectories, at most"
          hint="Mixed in from those of this filter that are completely reviewed: what was decided there is taken as right, and people are measured by it."
          range={queueRanges.gold}
          value={draft.gold}
          onChange={(gold) => onChange({ gold })}
        />
      </div>
    </div>
  );
}
