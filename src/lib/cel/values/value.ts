import type { CelDuration } from "./duration.ts";
import type { CelUint } from "./integer.ts";
import type { CelMap } from "./map.ts";
import type { CelOptional } from "./optional.ts";
import type { CelTimestamp } from "./timestamp.ts";
import type { CelTypeValue } from "./type-value.ts";

/**
 * A value whose type only the value itself tells: what `evaluate` returns, and what lists and maps hold. An `int` is a
 * bigint, a `double` a number, a `uint` a `CelUint`. So plain JSON is made of CEL values as it stands, its numbers being
 * doubles as CEL wants them, and nothing is wrapped to be read. Maps come from the host as plain objects or `Map`s.
 */
export type CelValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | CelUint
  | CelTimestamp
  | CelDuration
  | CelTypeValue
  | CelOptional
  | CelMap
  | readonly CelValue[]
  | ReadonlyMap<unknown, unknown>
  | { readonly [name: string]: unknown };
