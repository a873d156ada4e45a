import { check, type Checked } from "./check/checker.ts";
import { constantKeys } from "./check/constant-keys.ts";
import { CelError, type Span } from "./cel-error.ts";
import { evalError, type CelEvalError } from "./cel-eval-error.ts";
import type { CelEnvironment, CelInput } from "./environment.ts";
import { coerce } from "./evaluate/coerce.ts";
import { Compiler } from "./evaluate/compiler.ts";
import { FAULT, Frame, type Code } from "./evaluate/frame.ts";
import { functionsOf } from "./functions/environment-functions.ts";
import { DEFAULT_LIMITS, type CelAllowance, type CelLimits } from "./limits.ts";
import type { Node } from "./syntax/node.ts";
import { parse } from "./syntax/parser.ts";
import { celTypes, type CelType } from "./types.ts";
import { CostExceeded } from "./values/meter.ts";
import { showValue } from "./values/show.ts";
import type { CelValue } from "./values/value.ts";

/** A compiled expression; keeps no state between evaluations and may be used from inside its own. */
export interface CelProgram {
  readonly source: string;
  /** What `evaluate` returns; dyn where only the values can tell. */
  readonly resultType: CelType;
  /** The names of the variables that the expression reads, which an evaluation may not all need. */
  readonly references: ReadonlySet<string>;
  /**
   * The constant keys under which the expression reads a variable that is a map; null when it also reads it whole, or under
   * a key that only an evaluation knows. Walks the expression anew each time.
   */
  keysOf(variable: string): ReadonlySet<string> | null;
  /** Throws `CelEvalError`. */
  evaluate(variables: CelInput): CelValue;
  /** As `evaluate`, for conditions. Throws `CelEvalError`, also when the result is no bool. */
  test(variables: CelInput): boolean;
  /**
   * As `test`, for conditions that are asked for every request: instead of throwing it gives the problem as text, which is
   * `ABSENT` when the value of a key or field that is not there was needed. With an allowance it may take no more steps than
   * are left there.
   */
  decide(variables: CelInput, allowance?: CelAllowance): boolean | string;
}

/** What `decide` gives when something was not there: common, and not worth a message. */
export const ABSENT = "absent";

/** Compiles an expression. Throws `CelError` for one that is malformed, too large, or wrong in its names or types. */
export function compileCel(source: string, env: CelEnvironment, limits: Partial<CelLimits> = {}): CelProgram {
  const allowed = { ...DEFAULT_LIMITS, ...limits };
  const root = parse(source, allowed);
  const checked = check(root, source, env, functionsOf(env));
  return new Program(source, root, checked, allowed.maxSteps);
}

class Program implements CelProgram {
  readonly source: string;
  readonly resultType: CelType;
  readonly references: ReadonlySet<string>;
  private readonly root: Node;
  private readonly checked: Checked;
  private readonly maxSteps: number;
  private readonly valueCode: Code;
  private readonly boolCode: Code;
  private readonly slotCount: number;
  /** Lent to one evaluation at a time; one that starts inside another makes its own. */
  private idle: Frame | undefined;

  constructor(source: string, root: Node, checked: Checked, maxSteps: number) {
    this.source = source;
    this.root = root;
    this.checked = checked;
    this.maxSteps = maxSteps;
    this.resultType = checked.typeOf(root);
    this.references = checked.references;
    this.slotCount = checked.slotCount;
    const refuse = (problem: string, span: Span, hint?: string): CelError => new CelError(problem, source, span, hint);
    const code = new Compiler(checked, refuse).compile(root);
    this.valueCode = coerce(code, this.resultType, celTypes.dyn, root);
    this.boolCode = coerce(code, this.resultType, celTypes.bool, root);
  }

  keysOf(variable: string): ReadonlySet<string> | null {
    return constantKeys(this.root, this.checked, variable);
  }

  evaluate(variables: CelInput): CelValue {
    return this.run(this.valueCode, variables) as CelValue;
  }

  test(variables: CelInput): boolean {
    const result = this.run(this.boolCode, variables);
    if (typeof result === "boolean") return result;
    throw evalError(`the expression gives no bool`, this.source, this.root);
  }

  decide(variables: CelInput, allowance?: CelAllowance): boolean | string {
    try {
      const result = this.run(this.boolCode, variables, absence, allowance);
      return typeof result === "boolean" || result === ABSENT ? result : "the expression gives no bool";
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** `onFault` may give a result in place of a fault. */
  private run(
    code: Code,
    variables: CelInput,
    onFault?: (frame: Frame) => string | undefined,
    allowance?: CelAllowance,
  ): unknown {
    const frame = this.idle ?? new Frame(this.slotCount);
    const granted = Math.min(this.maxSteps, allowance?.steps ?? Infinity);
    this.idle = undefined;
    frame.begin(variables, granted);
    try {
      const result = code(frame);
      if (result !== FAULT) return result;
      const replaced = onFault?.(frame);
      if (replaced === undefined) throw this.fault(frame);
      return replaced;
    } catch (error) {
      throw error instanceof CostExceeded ? this.tooDear(granted) : error;
    } finally {
      if (allowance !== undefined) allowance.steps -= granted - Math.max(0, frame.left);
      frame.end();
      this.idle = frame;
    }
  }

  private fault(frame: Frame): CelEvalError {
    const { problem, detail } = frame;
    return evalError(detail === undefined ? problem : `${problem}: ${showValue(detail)}`, this.source, frame.place);
  }

  private tooDear(granted: number): CelEvalError {
    const left = granted < this.maxSteps ? `the ${granted} steps that are left` : `${granted} steps`;
    return evalError(`cost limit exceeded: the evaluation takes more than ${left}`, this.source, this.root);
  }
}

function absence({ problem }: Frame): string | undefined {
  return problem.startsWith("no such key") || problem.includes(" is absent") ? ABSENT : undefined;
}
