import { sameType } from "../check/same-type.ts";
import type { CelEnvironment, CelFunction } from "../environment.ts";
import { FAULT, type Frame } from "../evaluate/frame.ts";
import { admitHost } from "../values/admit.ts";
import type { FunctionTable, Overload } from "./overload.ts";
import { STANDARD_FUNCTIONS } from "./standard.ts";

/** The functions of an environment: the standard ones and the host's, which replace the same form of the same name. */
export function functionsOf(env: CelEnvironment): FunctionTable {
  if (env.functions === undefined) return STANDARD_FUNCTIONS;
  const all: Record<string, readonly Overload[]> = { ...STANDARD_FUNCTIONS };
  for (const declared of env.functions) {
    const overload = overloadOf(declared);
    const others = (Object.hasOwn(all, declared.name) ? (all[declared.name] ?? []) : []).filter(
      (each) => !sameForm(each, overload),
    );
    all[declared.name] = [...others, overload];
  }
  return all;
}

function sameForm(one: Overload, other: Overload): boolean {
  if (one.method !== other.method || one.params.length !== other.params.length) return false;
  return one.params.every((param, at) => sameType(param, other.params[at] ?? param));
}

function overloadOf(declared: CelFunction): Overload {
  const admit = admitHost(declared.result);
  const call = declared.call as (...args: unknown[]) => unknown;
  const run = (frame: Frame, ...args: unknown[]): unknown => {
    const result = attempt(frame, call, args);
    if (result === FAULT) return FAULT;
    const admitted = admit(result, frame);
    return admitted === undefined ? frame.fail(`${declared.name}() gave no ${declared.result.kind}`) : admitted;
  };
  return { method: declared.method ?? false, params: declared.params, result: declared.result, run };
}

function attempt(frame: Frame, call: (...args: unknown[]) => unknown, args: unknown[]): unknown {
  try {
    return call(...args);
  } catch (error) {
    return frame.fail(error instanceof Error ? error.message : String(error));
  }
}
