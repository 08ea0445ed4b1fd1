"use client";
import { Select } from "@/components/ui/field";
import { FilterForm } from "../../../filter-form";

/** The format whose rows are shown; it lives in the address. */
export function FormatChoice(props: {
  datasetId: number;
  formats: { format: string; title: string }[];
  chosen: string;
}) {
  const { datasetId, formats, chosen } = props;
  return (
    <FilterForm
      of={chosen}
      label="Format"
      hrefOf={({ format }) => `/datasets/${datasetId}/mask?format=${encodeURIComponent(String(format))}`}
      chips={[]}
    >
      <div className="flex items-center gap-2">
        <Select name="format" aria-label="Format" defaultValue={chosen} className="w-80">
          {formats.map(({ format, title }) => (
            <option key={format} value={format}>
              {title}
            </option>
          ))}
        </Select>
      </div>
    </FilterForm>
  );
}
