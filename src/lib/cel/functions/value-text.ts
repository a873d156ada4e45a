import type { CelDuration } from "../values/duration.ts";
import type { CelUint } from "../values/integer.ts";
import { kindOf } from "../values/kind.ts";
import { lookUp, keyOf, mapKeys } from "../values/map-access.ts";
import { MAX_VALUE_DEPTH, textSteps, type Meter } from "../values/meter.ts";
import type { CelOptional } from "../values/optional.ts";
import type { CelTimestamp } from "../values/timestamp.ts";
import type { CelTypeValue } from "../values/type-value.ts";
import type { CelValue } from "../values/value.ts";

/** What is written as its `toString` says. */
type Plain = null | boolean | number | bigint | CelUint | CelTimestamp | CelDuration | CelTypeValue | CelOptional;

const decoder = new TextDecoder();

function plainText(value: Plain): string {
  return String(value);
}

/** A value as `%s` writes it; maps in the order of their keys' texts. */
export function valueText(value: CelValue, meter: Meter, depth = 0): string {
  meter.spend(depth > MAX_VALUE_DEPTH ? Number.POSITIVE_INFINITY : 1);
  switch (kindOf(value)) {
    case "list":
      return `[${(value as readonly CelValue[]).map((each) => valueText(each, meter, depth + 1)).join(", ")}]`;
    case "map":
      return mapText(value as object, meter, depth + 1);
    case "bytes":
      return decoder.decode(value as Uint8Array);
    case "string":
      meter.spend(textSteps((value as string).length));
      return value as string;
    default:
      return plainText(value as Plain);
  }
}

function mapText(map: object, meter: Meter, depth: number): string {
  const entries = mapKeys(map).map((key) => {
    const value = lookUp(map, keyOf(key) ?? "") ?? null;
    return [valueText(key, meter, depth), valueText(value, meter, depth)] as const;
  });
  entries.sort(([one], [other]) => (one < other ? -1 : Number(one > other)));
  return `{${entries.map(([key, value]) => `${key}: ${value}`).join(", ")}}`;
}
