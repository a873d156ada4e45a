import type { CelEnvironment } from "../environment.ts";
import { withHostFunctions } from "./host-function.ts";
import type { FunctionTable } from "./overload.ts";
import { STANDARD_FUNCTIONS } from "./standard.ts";

/** The functions of an environment: the standard ones and its own. */
export function functionsOf(env: CelEnvironment): FunctionTable {
  return env.functions === undefined ? STANDARD_FUNCTIONS : withHostFunctions(STANDARD_FUNCTIONS, env.functions);
}
