/** `PresetChoice`: the presets, each in a word and a sentence. */
import { Choice, ChoiceGroup } from "@/components/ui/choice";
import { presetWords, runPresets, type RunPreset } from "./run-draft";

export function PresetChoice(props: {
  legend: string;
  chosen: RunPreset;
  onChange: (preset: RunPreset) => void;
}) {
  const { legend, chosen, onChange } = props;
  return (
    <ChoiceGroup legend={legend}>
      {runPresets.map((preset) => (
        <Choice
          key={preset}
          name="preset"
          checked={chosen === preset}
          onChange={() => onChange(preset)}
          label={presetWords[preset].label}
          hint={presetWords[preset].hint}
        />
      ))}
    </ChoiceGroup>
  );
}
