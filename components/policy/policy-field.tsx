/** `PolicyField`: which policy acts, with what is known of it. */
import type { PolicyRow } from "@/lib/core/rows";
import { Field, Select } from "@/components/ui/field";

/** A policy to choose. `about`: what acts, in a sentence. */
export type OfferedPolicy = Pick<PolicyRow, "policyId" | "name"> & { about: string };

type Props = {
  label: string;
  hint: string;
  value: number;
  policies: OfferedPolicy[];
  onChange: (policyId: number) => void;
};

export function PolicyField({ label, hint, value, policies, onChange }: Props) {
  const chosen = policies.find((policy) => policy.policyId === value);
  return (
    <Field id="policy" label={label} hint={chosen?.about ?? hint}>
      <Select
        id="policy"
        value={value}
        aria-describedby="policy-hint"
        onChange={(event) => onChange(Number(event.currentTarget.value))}
      >
        {policies.map((policy) => (
          <option key={policy.policyId} value={policy.policyId}>
            {policy.name}
          </option>
        ))}
      </Select>
    </Field>
  );
}
