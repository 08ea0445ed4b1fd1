/** `EnvironmentFields`: name, driver, and where the driver's data is. */
import { Choice, ChoiceGroup } from "@/components/ui/choice";
import { describedBy, Field, Input, Select, Textarea } from "@/components/ui/field";
import { configOf, paths, type EnvironmentDraft } from "./environment-draft";

export type Driver = { driverId: string; title: string; description: string; normalizer: string };
type Props = {
  draft: EnvironmentDraft;
  drivers: Driver[];
  /** A stored environment keeps its name: it is how it is found. */
  named: boolean;
  onChange: (change: Partial<EnvironmentDraft>) => void;
};

export function EnvironmentFields({ draft, drivers, named, onChange }: Props) {
  const driver = drivers.find((each) => each.driverId === draft.driver);
  return (
    <div className="flex flex-col gap-5">
      <Field
        id="environment-name"
        label="Name"
        hint="As trajectories name it; an environment of this name is changed."
      >
        <Input
          id="environment-name"
          required
          maxLength={100}
          readOnly={named}
          value={draft.name}
          aria-describedby="environment-name-hint"
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
      </Field>
      <Field
        id="driver"
        label="Driver"
        hint={
          driver?.description ??
          "Without a driver nothing can be replayed here: trajectories are judged by imported evidence only."
        }
      >
        <Select
          id="driver"
          value={draft.driver}
          aria-describedby="driver-hint"
          onChange={(event) => onChange({ driver: event.currentTarget.value })}
        >
          <option value="">none</option>
          {drivers.map(({ driverId, title }) => (
            <option key={driverId} value={driverId}>
              {title}
            </option>
          ))}
        </Select>
      </Field>
      {driver ? (
        <>
          <p className="text-xs text-ink-2">
            When a replay is compared with its recording: {driver.normalizer}. Anything else that differs
            stops the replay.
          </p>
          <Catalogue draft={draft} onChange={onChange} />
        </>
      ) : null}
    </div>
  );
}

const catalogues = [
  { value: "built-in", label: "Built-in data", hint: "Comes with Gleaner; nothing to set up." },
  {
    value: "files",
    label: "Data files",
    hint: "The original’s files, on the machine Gleaner and its workers run on.",
  },
  { value: "json", label: "Advanced", hint: "The driver’s whole configuration as JSON." },
] as const;

const pathWords = {
  items: { label: "Items", hint: "e.g. items_shuffle_1000.json" },
  instructions: {
    label: "Instructions",
    hint: "attributes and instructions by product, e.g. items_ins_v2_1000.json",
  },
  prices: {
    label: "Prices (optional)",
    hint: "those of a known run; without them they are drawn from a seed",
  },
  nouns: { label: "Nouns (optional)", hint: "noun lists per product; without them they are guessed" },
} as const;

function Catalogue({ draft, onChange }: Pick<Props, "draft" | "onChange">) {
  const read = configOf(draft);
  return (
    <>
      <ChoiceGroup legend="Where its data is">
        {catalogues.map(({ value, label, hint }) => (
          <Choice
            key={value}
            name="catalogue"
            label={label}
            hint={hint}
            checked={draft.catalogue === value}
            onChange={() => onChange({ catalogue: value })}
          />
        ))}
      </ChoiceGroup>
      {draft.catalogue === "files"
        ? paths.map((path) => (
            <Field key={path} id={path} label={pathWords[path].label} hint={pathWords[path].hint}>
              <Input
                id={path}
                className="font-mono"
                spellCheck={false}
                required={path === "items" || path === "instructions"}
                value={draft[path]}
                aria-describedby={describedBy(path)}
                onChange={(event) => onChange({ [path]: event.currentTarget.value })}
              />
            </Field>
          ))
        : null}
      {draft.catalogue === "json" ? (
        <Field id="json" label="Configuration" error={read.ok ? undefined : read.reason}>
          <Textarea
            id="json"
            className="min-h-48 font-mono"
            spellCheck={false}
            value={draft.json}
            aria-invalid={!read.ok}
            aria-describedby={describedBy("json")}
            onChange={(event) => onChange({ json: event.currentTarget.value })}
          />
        </Field>
      ) : null}
    </>
  );
}
