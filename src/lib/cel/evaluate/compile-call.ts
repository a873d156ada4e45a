import type { Overload } from "../functions/overload.ts";
import type { CallNode, Node } from "../syntax/node.ts";
import { celTypes, type CelType } from "../types.ts";
import { admitValue, toValue, type Admit } from "../values/admit.ts";
import { typeNameOf } from "../values/kind.ts";
import type { CelValue } from "../values/value.ts";
import type { ResolvedCall } from "../check/checker.ts";
import { coerce } from "./coerce.ts";
import type { Compiler } from "./compiler.ts";
import { constantOf } from "./compile-literal.ts";
import { FAULT, type Code, type Frame } from "./frame.ts";

type AnyRun = (frame: Frame, ...args: unknown[]) => unknown;

export function compileCall(compiler: Compiler, node: CallNode): Code {
  const { args, overloads } = compiler.checked.calls.get(node) as ResolvedCall;
  const type = compiler.typeOf(node);
  const [only] = overloads;
  if (overloads.length > 1 || only === undefined)
    return coerce(dispatched(compiler, node, args, overloads), celTypes.dyn, type, node);
  const codes = args.map((arg, at) => compiler.compileAs(arg, only.params[at] ?? celTypes.dyn));
  const run = preparedRun(compiler, node, args, only);
  return coerce(only.otherwise === true ? eitherOr(run, codes) : applied(run, codes, node), only.result, type, node);
}

/** The function to run, made ready for the arguments that are constants. */
function preparedRun(compiler: Compiler, node: CallNode, args: readonly Node[], overload: Overload): AnyRun {
  const prepared = overload.prepare?.(args.map(constantOf));
  if (typeof prepared === "string") throw compiler.refuse(prepared, node);
  return (prepared ?? overload.run) as AnyRun;
}

function eitherOr(run: AnyRun, codes: readonly Code[]): Code {
  const [first, second] = codes as [Code, Code];
  return (frame) => {
    const value = first(frame);
    if (value === FAULT) return FAULT;
    const result = run(frame, value);
    return result === undefined ? second(frame) : result;
  };
}

/** Calls with one or two arguments go without an array for them. */
function applied(run: AnyRun, codes: readonly Code[], node: CallNode): Code {
  const [first, second] = codes;
  if (codes.length === 1 && first !== undefined) {
    return (frame) => {
      const value = first(frame);
      return value === FAULT ? FAULT : frame.located(run(frame, value), node);
    };
  }
  if (codes.length === 2 && first !== undefined && second !== undefined) {
    return (frame) => {
      const one = first(frame);
      if (one === FAULT) return FAULT;
      const other = second(frame);
      return other === FAULT ? FAULT : frame.located(run(frame, one, other), node);
    };
  }
  return (frame) => {
    const values = evaluateAll(frame, codes);
    return values === FAULT ? FAULT : frame.located(run(frame, ...values), node);
  };
}

function evaluateAll(frame: Frame, codes: readonly Code[]): unknown[] | typeof FAULT {
  const values: unknown[] = [];
  for (const code of codes) {
    const value = code(frame);
    if (value === FAULT) return FAULT;
    values.push(value);
  }
  return values;
}

interface Candidate {
  readonly run: AnyRun;
  readonly admits: readonly Admit[];
  readonly box: ((value: unknown) => CelValue) | undefined;
}

/** Chooses the form by the arguments at hand; takes and returns values. */
function dispatched(compiler: Compiler, node: CallNode, args: readonly Node[], overloads: readonly Overload[]): Code {
  const codes = args.map((arg) => compiler.compileAs(arg, celTypes.dyn));
  const candidates = overloads.map((overload): Candidate => ({
    run: overload.run as AnyRun,
    admits: overload.params.map((param: CelType) => admitValue(param)),
    box: toValue(overload.result),
  }));
  return (frame) => {
    const values = evaluateAll(frame, codes);
    if (values === FAULT) return FAULT;
    for (const candidate of candidates) {
      const admitted = admitAll(frame, candidate.admits, values);
      if (admitted === undefined) continue;
      const result = candidate.run(frame, ...admitted);
      if (result === FAULT) return frame.failedAt(node);
      return candidate.box === undefined ? result : candidate.box(result);
    }
    return frame.fail(`${node.name}() does not take ${values.map(typeNameOf).join(", ")}`, undefined, node);
  };
}

function admitAll(frame: Frame, admits: readonly Admit[], values: readonly unknown[]): unknown[] | undefined {
  const admitted: unknown[] = [];
  for (let at = 0; at < values.length; at += 1) {
    const value = admits[at]?.(values[at], frame);
    if (value === undefined) return undefined;
    admitted.push(value);
  }
  return admitted;
}
