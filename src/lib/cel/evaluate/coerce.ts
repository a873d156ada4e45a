import type { Span } from "../cel-error.ts";
import type { CelType } from "../types.ts";
import { admitValue, toValue } from "../values/admit.ts";
import { typeNameOf } from "../values/kind.ts";
import { FAULT, type Code } from "./frame.ts";

/** Brings the values of `code` from the form of one type to that of another; what turns out not to fit is a fault. */
export function coerce(code: Code, given: CelType, wanted: CelType, span: Span): Code {
  const isOpen = wanted.kind === "dyn" || wanted.kind === "parameter";
  if (given.kind === "dyn" || given.kind === "parameter") return isOpen ? code : admitted(code, wanted, span);
  const box = isOpen ? toValue(given) : undefined;
  if (box === undefined) return code;
  return (frame) => {
    const value = code(frame);
    return value === FAULT ? FAULT : box(value);
  };
}

function admitted(code: Code, wanted: CelType, span: Span): Code {
  const admit = admitValue(wanted);
  return (frame) => {
    const value = code(frame);
    if (value === FAULT) return FAULT;
    const found = admit(value, frame);
    return found === undefined
      ? frame.fail(`expected ${wanted.kind}, found ${typeNameOf(value)}`, undefined, span)
      : found;
  };
}
