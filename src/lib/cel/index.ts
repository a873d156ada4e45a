/**
 * The Common Expression Language: https://github.com/google/cel-spec, with its extensions for strings, math, encoders,
 * bindings, optionals and two-variable macros. Differences, all of them at compile time: numbers of different types
 * compare with `==` and `in` as they do at run time, and messages cannot be built.
 */
export { CelError } from "./cel-error.ts";
export { CelEvalError } from "./cel-eval-error.ts";
export type { CelEnvironment, CelFunction, CelInput } from "./environment.ts";
export { DEFAULT_LIMITS, type CelAllowance, type CelLimits } from "./limits.ts";
export { ABSENT, compileCel, type CelProgram } from "./program.ts";
export { celTypes, formatType, type CelType } from "./types.ts";
export { CelDuration } from "./values/duration.ts";
export { CelUint } from "./values/integer.ts";
export { CelMap } from "./values/map.ts";
export { CelOptional } from "./values/optional.ts";
export { CelTimestamp } from "./values/timestamp.ts";
export { CelTypeValue } from "./values/type-value.ts";
export type { CelValue } from "./values/value.ts";
