import type { Measure } from "./main.ts";

/** The measures as an aligned table. */
export function formatTable(measures: readonly Measure[]): string {
  const rows = measures.map(({ name, gateway, nginx, ratio, unit }) => [
    name,
    number(gateway),
    number(nginx),
    ratio === null ? "" : `${ratio.toFixed(2)} x`,
    unit,
  ]);
  const table = [["", "Trunkline", "nginx", "ratio", "unit"], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 || column === 4 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function number(value: number | null): string {
  if (value === null) return "";
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en-US");
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 3);
}
