import { BASIC } from "./basic.ts";
import { CONVERSIONS } from "./conversions.ts";
import { ENCODERS } from "./encoders.ts";
import { MATH_EXTENSION } from "./math-extension.ts";
import { OPTIONALS } from "./optionals.ts";
import type { FunctionTable } from "./overload.ts";
import { STRING_EXTENSION } from "./string-extension.ts";
import { STRINGS } from "./strings.ts";
import { TIME } from "./time.ts";

/** Every function that expressions may call without further ado. */
export const STANDARD_FUNCTIONS: FunctionTable = {
  ...BASIC,
  ...CONVERSIONS,
  ...STRINGS,
  ...TIME,
  ...STRING_EXTENSION,
  ...MATH_EXTENSION,
  ...OPTIONALS,
  ...ENCODERS,
};
