import type { Example } from "@/lib/core/example";
import type { Exporter } from "@/lib/core/ports";

/** An exporter that writes one row of messages and can say which of them each message of the example became. */
export interface RowExporter extends Exporter {
  /** For each message of the trimmed example, its index in the row's list of messages. */
  positions(example: Example): number[];
}
