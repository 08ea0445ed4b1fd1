"use client";
import { FilterForm, Choice } from "../../../filter-form";

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
        <Choice name="format" label="Format" value={chosen}>
          {formats.map(({ format, title }) => (
            <option key={format} value={format}>
              {title}
            </option>
          ))}
        </Choice>
      </div>
    </FilterForm>
  );
}
