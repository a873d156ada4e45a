import type { Frame } from "../evaluate/frame.ts";
import { celTypes as t } from "../types.ts";
import { CelUint } from "../values/integer.ts";
import { kindOf } from "../values/kind.ts";
import { mapSize } from "../values/map-access.ts";
import { CelOptional, NO_VALUE } from "../values/optional.ts";
import type { ValueKind } from "../values/type-value.ts";
import type { CelValue } from "../values/value.ts";
import { global, method, type FunctionTable } from "./overload.ts";

const A = t.parameter("A");
const MAYBE_A = t.optional(A);

type IsZero = (value: never) => boolean;

/** What counts as nothing for `optional.ofNonZeroValue`. */
const ZERO: Partial<Record<ValueKind, IsZero>> = {
  null: () => true,
  bool: (value: boolean) => !value,
  int: (value: bigint) => value === 0n,
  uint: (value: CelUint) => value.value === 0n,
  double: (value: number) => value === 0,
  string: (value: string) => value === "",
  bytes: (value: Uint8Array) => value.length === 0,
  list: (value: readonly unknown[]) => value.length === 0,
  map: (value: object) => mapSize(value) === 0,
  timestamp: (value: { seconds: number; nanos: number }) => value.seconds === 0 && value.nanos === 0,
  duration: (value: { seconds: number; nanos: number }) => value.seconds === 0 && value.nanos === 0,
};

function ofNonZeroValue(_: Frame, value: CelValue): CelOptional {
  return ZERO[kindOf(value)]?.(value as never) === true ? NO_VALUE : new CelOptional(value);
}

/** Optional values: https://github.com/google/cel-spec/wiki/proposal-246 */
export const OPTIONALS: FunctionTable = {
  "optional.of": [global([A], MAYBE_A, (_, value: CelValue) => new CelOptional(value))],
  "optional.none": [global([], MAYBE_A, () => NO_VALUE)],
  "optional.ofNonZeroValue": [global([A], MAYBE_A, ofNonZeroValue)],
  hasValue: [method([MAYBE_A], t.bool, (_, optional: CelOptional) => optional.value !== undefined)],
  or: [{ ...method([MAYBE_A, MAYBE_A], MAYBE_A, present), otherwise: true }],
  orValue: [{ ...method([MAYBE_A, A], A, (_, optional: CelOptional) => optional.value), otherwise: true }],
  value: [method([MAYBE_A], A, (frame: Frame, optional: CelOptional) => optional.value ?? absent(frame, optional))],
};

function present(_: Frame, optional: CelOptional): CelOptional | undefined {
  return optional.value === undefined ? undefined : optional;
}

function absent(frame: Frame, optional: CelOptional): unknown {
  return optional.value === null ? null : frame.fail("the optional has no value");
}
