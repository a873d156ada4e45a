import type { RuleFault } from "../../canonical/record.ts";
import { reasonText, type TraceStep } from "../../canonical/trace.ts";
import { ABSENT, type CelAllowance, type CelProgram } from "../../lib/cel/index.ts";
import type { RuleVariables } from "./variables.ts";

/** What all conditions of one decision may cost together: twice the most of a single one. */
const MAX_STEPS = 200_000;
/** What its shadow rules may: next to nothing, for they must not hold up the call. */
const MAX_SHADOW_STEPS = 10_000;

/** Whose condition it is, for the trace and the metrics. */
export interface ConditionOwner {
  name: string;
  scope: string;
}

/** A target with a condition; without a provider its model is any model string. */
export interface ConditionalTarget {
  provider?: string | undefined;
  model: string;
}

/** The conditions of one decision: what they cost together, and what went wrong. */
export class Evaluation {
  readonly variables: RuleVariables;
  readonly trace: TraceStep[];
  readonly faults: RuleFault[] = [];
  private readonly allowance: CelAllowance = { steps: MAX_STEPS };
  private readonly shadowAllowance: CelAllowance = { steps: MAX_SHADOW_STEPS };
  private known: Map<CelProgram, boolean> | null = null;

  constructor(variables: RuleVariables, trace: TraceStep[]) {
    this.variables = variables;
    this.trace = trace;
  }

  /** Whether the condition of a rule or experiment holds; a text: why it could not be evaluated. What is absent makes no condition hold. */
  rule(program: CelProgram, isShadow: boolean): boolean | string {
    const found = program.decide(this.variables, isShadow ? this.shadowAllowance : this.allowance);
    return found === ABSENT ? false : found;
  }

  /** Whether the condition of a target holds; asked once a decision. One that cannot be evaluated does not. */
  target(program: CelProgram, alias: ConditionOwner, target: ConditionalTarget): boolean {
    const known = this.known?.get(program);
    if (known !== undefined) return known;
    const found = this.rule(program, false);
    const holds = found === true;
    if (typeof found === "string") this.fault("error", alias);
    if (!holds) this.trace.push(leftOut(target, typeof found === "string" ? `error: ${found}` : undefined));
    this.known ??= new Map();
    this.known.set(program, holds);
    return holds;
  }

  fault(kind: RuleFault["kind"], { name, scope }: ConditionOwner): void {
    this.faults.push({ rule: name, scope, kind });
  }
}

/** Of a model string nobody knows yet where it leads. */
function leftOut({ provider, model }: ConditionalTarget, text: string | undefined): TraceStep {
  if (provider === undefined) return { step: "left_out", result: `${model}: ${text ?? reasonText("condition_false")}` };
  const step = { step: "left_out", result: "condition_false", target: { provider, model } };
  return text === undefined ? step : { ...step, text };
}
