import { FAULT, type Frame } from "../evaluate/frame.ts";
import { CelUint } from "../values/integer.ts";
import { typeNameOf } from "../values/kind.ts";
import { textSteps } from "../values/meter.ts";
import type { CelValue } from "../values/value.ts";
import { fixedText, scientificText } from "./number-text.ts";
import { valueText } from "./value-text.ts";

/** More decimals than any double has are refused. */
const MAX_PRECISION = 100;
const CLAUSE = /%(?:%|(?:\.(\d+))?(.?))/gsu;

/** Writes a value for a clause; undefined when the clause does not take it. */
type Write = (value: CelValue, precision: number | undefined, frame: Frame) => string | undefined;

const CLAUSES: Readonly<Record<string, Write>> = {
  s: (value, _, frame) => valueText(value, frame),
  d: decimal,
  f: (value, precision) => real(value, (number) => fixedText(number, precision ?? 6)),
  e: (value, precision) => real(value, (number) => scientificText(number, precision ?? 6)),
  b: (value) => (typeof value === "boolean" ? String(Number(value)) : inRadix(value, 2)),
  o: (value) => inRadix(value, 8),
  x: hexadecimal,
  X: (value, precision, frame) => hexadecimal(value, precision, frame)?.toUpperCase(),
};

/** The text with its `%` clauses filled in from the list, in order. */
export function formatText(frame: Frame, text: string, values: readonly CelValue[]): string | typeof FAULT {
  frame.spend(textSteps(text.length));
  let written = "";
  let from = 0;
  let next = 0;
  for (const clause of text.matchAll(CLAUSE)) {
    written += text.slice(from, clause.index);
    from = clause.index + clause[0].length;
    const filled = clause[0] === "%%" ? "%" : fill(frame, clause, values, next++);
    if (filled === FAULT) return FAULT;
    frame.spend(textSteps(filled.length));
    written += filled;
  }
  return written + text.slice(from);
}

function fill(frame: Frame, clause: RegExpExecArray, values: readonly CelValue[], at: number): string | typeof FAULT {
  const letter = clause[2] ?? "";
  const write = Object.hasOwn(CLAUSES, letter) ? CLAUSES[letter] : undefined;
  const precision = clause[1] === undefined ? undefined : Number(clause[1]);
  if (write === undefined) return frame.fail("unknown clause in a format", clause[0]);
  if (precision !== undefined && precision > MAX_PRECISION)
    return frame.fail("too many decimals in a format", clause[0]);
  if (at >= values.length) return frame.fail(`the format wants more than the ${values.length} values given`);
  const value = values[at] ?? null;
  return write(value, precision, frame) ?? frame.fail(`%${letter} does not take ${typeNameOf(value)}`);
}

function decimal(value: CelValue): string | undefined {
  return typeof value === "number" || typeof value === "bigint" || value instanceof CelUint
    ? value.toString()
    : undefined;
}

function real(value: CelValue, write: (number: number) => string): string | undefined {
  if (value instanceof CelUint) return write(Number(value.value));
  return typeof value === "number" || typeof value === "bigint" ? write(Number(value)) : undefined;
}

function inRadix(value: CelValue, radix: number): string | undefined {
  if (value instanceof CelUint) return value.value.toString(radix);
  return typeof value === "bigint" ? value.toString(radix) : undefined;
}

function hexadecimal(value: CelValue, _: number | undefined, frame: Frame): string | undefined {
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  if (!(bytes instanceof Uint8Array)) return inRadix(value, 16);
  frame.spend(textSteps(bytes.length));
  return bytes.reduce((hex, byte) => hex + byte.toString(16).padStart(2, "0"), "");
}
