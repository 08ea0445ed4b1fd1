/** `SubtaskFields`: which subtasks of which environment are played. */
import { splits } from "@/lib/core/trajectory";
import { Choice, ChoiceGroup } from "@/components/ui/choice";
import { Field, Select, Textarea } from "@/components/ui/field";
import { NumberField } from "@/components/ui/number-field";
import { formatCount, plural } from "@/components/ui/numbers";
import { choicesIn, ranges, type CollectionDraft, type Playable } from "./collection-draft";

type Props = {
  draft: CollectionDraft;
  environments: Playable[];
  onChange: (change: Partial<CollectionDraft>) => void;
};

export function SubtaskFields({ draft, environments, onChange }: Props) {
  return (
    <div className="flex flex-col gap-4">
      <Field id="environment" label="Environment">
        <Select
          id="environment"
          value={draft.environmentId}
          onChange={(event) =>
            onChange({ environmentId: Number(event.currentTarget.value), split: null, taskType: null })
          }
        >
          {environments.map(({ environmentId, name }) => (
            <option key={environmentId} value={environmentId}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <ChoiceGroup legend="Subtasks">
        <Choice
          name="by"
          checked={draft.by === "range"}
          onChange={() => onChange({ by: "range" })}
          label="A range"
          hint="In the environment’s own order, of a split and a task type where it has them."
        />
        <Choice
          name="by"
          checked={draft.by === "names"}
          onChange={() => onChange({ by: "names" })}
          label="By name"
          hint="The very subtasks you name."
        />
      </ChoiceGroup>
      <div className="flex flex-col gap-4 border-l-2 border-accent-line pl-4">
        {draft.by === "range" ? (
          <RangeFields draft={draft} environments={environments} onChange={onChange} />
        ) : (
          <Field id="names" label="Names" hint="One per line, as the environment names its subtasks.">
            <Textarea
              id="names"
              rows={5}
              className="font-mono text-xs"
              value={draft.names}
              aria-describedby="names-hint"
              onChange={(event) => onChange({ names: event.currentTarget.value })}
            />
          </Field>
        )}
      </div>
    </div>
  );
}

function RangeFields({ draft, environments, onChange }: Props) {
  const environment = environments.find((each) => each.environmentId === draft.environmentId);
  const there = choicesIn(environment?.subtasks ?? [], draft);
  return (
    <div className="grid grid-cols-2 gap-4">
      {there.splits.length > 0 ? (
        <Field id="split" label="Split">
          <Select
            id="split"
            value={draft.split ?? ""}
            onChange={(event) =>
              onChange({ split: splits.find((split) => split === event.currentTarget.value) ?? null })
            }
          >
            <option value="">any</option>
            {there.splits.map(({ name, count }) => (
              <option key={name} value={name}>
                {name} ({formatCount(count)})
              </option>
            ))}
          </Select>
        </Field>
      ) : null}
      {there.taskTypes.length > 0 ? (
        <Field id="task-type" label="Task type">
          <Select
            id="task-type"
            value={draft.taskType ?? ""}
            onChange={(event) => onChange({ taskType: event.currentTarget.value || null })}
          >
            <option value="">any</option>
            {there.taskTypes.map(({ name, count }) => (
              <option key={name} value={name}>
                {name} ({formatCount(count)})
              </option>
            ))}
          </Select>
        </Field>
      ) : null}
      <NumberField
        id="count"
        label="How many, at most"
        hint={
          there.matching === 0
            ? "Its subtasks are asked for at the start."
            : `${plural(there.matching, "subtask")} match.`
        }
        range={ranges.count}
        value={draft.count}
        onChange={(count) => onChange({ count })}
      />
      <NumberField
        id="first"
        label="Leaving out the first"
        hint="To go on where another collection ended."
        range={ranges.first}
        value={draft.first}
        onChange={(first) => onChange({ first })}
      />
    </div>
  );
}
