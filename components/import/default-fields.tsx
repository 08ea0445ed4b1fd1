/** `DefaultFields`: what is said of records that do not say it themselves. `onCommit` is called when a field was left. */
import type { ImportDefaults } from "@/lib/core/ports";
import { Field, Input, Select } from "@/components/ui/field";

type Props = {
  defaults: ImportDefaults;
  environments: string[];
  onChange: (change: Partial<ImportDefaults>) => void;
  onCommit: (change: Partial<ImportDefaults>) => void;
};

export function DefaultFields({ defaults, environments, onChange, onCommit }: Props) {
  return (
    <div className="flex flex-col gap-4">
      <Field id="environment" label="Environment" hint="For records that do not name theirs.">
        <Input
          id="environment"
          list="known-environments"
          maxLength={100}
          value={defaults.environment ?? ""}
          aria-describedby="environment-hint"
          onChange={(event) => onChange({ environment: event.currentTarget.value })}
          onBlur={() => onCommit({})}
        />
      </Field>
      <datalist id="known-environments">
        {environments.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <Field id="source" label="Who acted" hint="Only an expert’s failures are mined.">
        <Select
          id="source"
          value={defaults.source}
          aria-describedby="source-hint"
          onChange={(event) =>
            onCommit({ source: event.currentTarget.value === "agent" ? "agent" : "expert" })
          }
        >
          <option value="expert">expert</option>
          <option value="agent">agent</option>
        </Select>
      </Field>
      <Field id="model" label="Model" hint="For records that do not say which model acted.">
        <Input
          id="model"
          maxLength={200}
          value={defaults.model ?? ""}
          placeholder="e.g. gpt-4"
          aria-describedby="model-hint"
          onChange={(event) => onChange({ model: event.currentTarget.value })}
          onBlur={() => onCommit({})}
        />
      </Field>
      <Field
        id="without-reward"
        label="Records without a reward"
        hint="Take them as solved only where you know it: AgentTraj-L, for one, holds successes only."
      >
        <Select
          id="without-reward"
          value={defaults.withoutReward}
          aria-describedby="without-reward-hint"
          onChange={(event) =>
            onCommit({ withoutReward: event.currentTarget.value === "solved" ? "solved" : "unknown" })
          }
        >
          <option value="unknown">leave the outcome unknown</option>
          <option value="solved">take them as solved</option>
        </Select>
      </Field>
    </div>
  );
}
