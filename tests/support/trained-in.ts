import type { Exporter } from "@/lib/core/ports";

type Said = { weight?: number; loss?: boolean; trainable?: boolean; loss_weight?: number };
type Row = {
  messages?: Said[];
  conversations?: Said[];
  prompt?: Said[];
  completion?: Said[];
  loss_mask?: number[];
  steps?: { source: string; is_copied_context?: boolean }[];
};

const flag = ({ weight, loss, trainable, loss_weight: lossWeight }: Said) =>
  weight ?? loss ?? trainable ?? lossWeight;

/**
 * Which messages of a row its own text says are trained, read as the trainer is told to: the last one of an exploded row,
 * else those whose flag is on.
 */
export function trainedIn({ shape }: Exporter, row: Row): number[] {
  const list = row.messages ?? row.conversations ?? [...(row.prompt ?? []), ...(row.completion ?? [])];
  if (shape === "exploded") return [list.length - 1];
  if (row.loss_mask) return indexes(row.loss_mask, (each) => each === 1);
  if (row.steps)
    return indexes(
      row.steps,
      ({ source, is_copied_context: copied }) => source === "agent" && copied === false,
    );
  return indexes(list, (each) => Boolean(flag(each)));
}

const indexes = <T>(list: T[], isTrained: (each: T) => boolean) =>
  list.flatMap((each, index) => (isTrained(each) ? [index] : []));
