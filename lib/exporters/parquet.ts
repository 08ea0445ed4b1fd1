import { ByteWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import type { ExportColumn } from "@/lib/core/ports";
import type { Cell } from "./encode";

/** Rows and characters of one row group: what is held while a file of any size is written. */
const ROWS = 1000;
const CHARACTERS = 8_000_000;

const types = {
  string: "STRING",
  integer: "INT32",
  number: "DOUBLE",
  boolean: "BOOLEAN",
  // Text, not Parquet's JSON: pandas and Arrow disagree on how they hand that out.
  json: "STRING",
} as const;

/** Rows as a Parquet file, row group by row group; the same rows give the same bytes. */
export async function* parquetBytes(
  columns: readonly ExportColumn[],
  rows: AsyncIterable<Cell[]>,
): AsyncGenerator<Uint8Array> {
  const writer = new ByteWriter();
  const schema = schemaFromColumnData({
    columnData: columns.map(({ name, type }) => ({ name, data: [], type: types[type], nullable: true })),
  });
  const file = new ParquetWriter({ writer, schema, createdBy: "gleaner" });
  const written = () => {
    const bytes = writer.getBytes().slice();
    // The writer counts the file's bytes in `offset`; `index` is where its buffer stands.
    writer.index = 0;
    return bytes;
  };
  let [group, characters]: [Cell[][], number] = [[], 0];
  const flush = async () => {
    const columnData = columns.map(({ name }, index) => ({
      name,
      data: group.map((row) => row[index] ?? null),
    }));
    await file.write({ columnData, rowGroupSize: group.length });
    [group, characters] = [[], 0];
    return written();
  };
  for await (const row of rows) {
    group.push(row);
    for (const cell of row) characters += typeof cell === "string" ? cell.length : 8;
    if (group.length >= ROWS || characters >= CHARACTERS) yield await flush();
  }
  if (group.length > 0) yield await flush();
  await file.finish();
  yield written();
}
