import type { Measure } from "./measure.ts";

/** The measures as an aligned table. */
export function formatTable(measures: readonly Measure[]): string {
  const rows = measures.map(({ name, gateway, nginx, ratio, bare, bareRatio, unit }) => [
    name,
    number(gateway),
    number(nginx),
    times(ratio),
    number(bare),
    times(bareRatio),
    unit,
  ]);
  return alignTable([["", "Trunkline", "nginx", "ratio", "bare Bun", "ratio", "unit"], ...rows], [0, 6]);
}

function times(ratio: number | null): string {
  return ratio === null ? "" : `${ratio.toFixed(2)} x`;
}

/** Rows of cells as text; the columns named stand to the left, the others, figures, to the right. */
export function alignTable(rows: readonly string[][], left: readonly number[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const cellOf = (cell: string, column: number): string =>
    left.includes(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(cellOf).join("  ").trimEnd()).join("\n");
}

function number(value: number | null): string {
  if (value === null) return "";
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en-US");
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 3);
}
