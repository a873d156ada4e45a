import { z } from "zod";

export type PeriodUnit = "s" | "m" | "h" | "d" | "w" | "M" | "Y" | "never";

/** A calendar period: `count` units, aligned in UTC. `never` has a count of 1. */
export interface Period {
  count: number;
  unit: PeriodUnit;
}

/** A budget's period: a count and a unit, or `never`. */
export const periodSchema = z
  .string()
  .regex(
    /^(?:[1-9]\d{0,4}[smhdwMY]|never)$/,
    "must be a count and a unit (s, m, h, d, w, M, Y), such as 1d or 1M, or never",
  )
  .transform(parsePeriod);

/** A rate limit's window: like a period, without `never`. */
export const windowSchema = z
  .string()
  .regex(/^[1-9]\d{0,4}[smhdwMY]$/, "must be a count and a unit (s, m, h, d, w, M, Y), such as 1m or 1h")
  .transform(parsePeriod);

function parsePeriod(text: string): Period {
  if (text === "never") return { count: 1, unit: "never" };
  return { count: Number(text.slice(0, -1)), unit: text.slice(-1) as PeriodUnit };
}
