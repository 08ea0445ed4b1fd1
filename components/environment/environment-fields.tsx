/** `EnvironmentFields`: name, driver, and what the driver is told. */
import { Checkbox, describedBy, Field, Input, Select, Textarea } from "@/components/ui/field";
import type { DriverField } from "./driver-field";
import { driverFields } from "./driver-fields";
import { configOf, emptyDraft, shownFields, type EnvironmentDraft } from "./environment-draft";

export type Driver = {
  driverId: string;
  title: string;
  description: string;
  normalizer: string;
  needs: string | null;
};
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
          onChange={(event) => onChange({ ...emptyDraft(event.currentTarget.value), name: draft.name })}
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
          {driver.needs === null ? null : <p className="text-sm text-ink">Needs {driver.needs}.</p>}
          <Settings draft={draft} onChange={onChange} />
          <p className="text-xs text-ink-2">
            When a replay is compared with its recording: {driver.normalizer}. Anything else that differs
            stops the replay.
          </p>
        </>
      ) : null}
    </div>
  );
}

function Settings({ draft, onChange }: Pick<Props, "draft" | "onChange">) {
  const read = configOf(draft);
  const written = read.ok ? JSON.stringify(read.config, null, 2) : draft.json;
  return (
    <>
      {draft.advanced
        ? null
        : shownFields(draft).map((field) => (
            <Field key={`${field.path} ${field.hint}`} id={field.path} label={field.label} hint={field.hint}>
              <Control
                field={field}
                value={draft.values[field.path] ?? ""}
                onChange={(value) => onChange({ values: { ...draft.values, [field.path]: value } })}
              />
            </Field>
          ))}
      {draft.advanced || read.ok ? null : (
        <p role="alert" className="text-xs font-medium text-danger">
          {read.reason}
        </p>
      )}
      {draft.driver in driverFields ? (
        <Checkbox
          label="Write the whole configuration as JSON"
          checked={draft.advanced}
          onChange={(event) => onChange({ advanced: event.currentTarget.checked, json: written })}
        />
      ) : null}
      {draft.advanced ? (
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

const onOff = [
  { value: "false", label: "no" },
  { value: "true", label: "yes" },
];

function Control(props: { field: DriverField; value: string; onChange: (value: string) => void }) {
  const { field, value, onChange } = props;
  const options = field.kind === "choice" ? field.options : field.kind === "switch" ? onOff : null;
  if (options)
    return (
      <Select
        id={field.path}
        value={value}
        aria-describedby={describedBy(field.path)}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </Select>
    );
  return (
    <Input
      id={field.path}
      className={field.kind === "path" ? "font-mono" : field.kind === "number" ? "!w-32" : undefined}
      inputMode={field.kind === "number" ? "numeric" : undefined}
      spellCheck={false}
      required={"required" in field && field.required}
      value={value}
      aria-describedby={describedBy(field.path)}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
