/** What a spreadsheet would take for the beginning of a formula. Source: OWASP, CSV injection */
const formula = /^[=+\-@\t\r\n＝＋－＠]/;

/**
 * One line of CSV, ended. Every cell is quoted, and what a spreadsheet would run is made text by an apostrophe before it.
 * Source: RFC 4180
 */
export function csvLine(cells: readonly (string | number | boolean | null)[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

function csvCell(cell: string | number | boolean | null): string {
  if (cell === null) return "";
  if (typeof cell !== "string") return String(cell);
  const text = formula.test(cell.trimStart()) || formula.test(cell) ? `'${cell}` : cell;
  return `"${text.replaceAll('"', '""')}"`;
}
