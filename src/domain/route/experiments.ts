import type { TraceStep } from "../../canonical/trace.ts";
import { ABSENT, compileCel, type CelProgram } from "../../lib/cel/index.ts";
import { assignArm } from "./assign-arm.ts";
import type { ScopedProgram } from "./classes-read.ts";
import type { ArmData, ExperimentData, ExperimentUnit } from "./data.ts";
import { RULE_ENVIRONMENT, type RuleVariables } from "./variables.ts";

/** What an experiment is told of one request. */
export interface ExperimentInput {
  scopes: readonly string[];
  variables: RuleVariables;
  /** What stands for the unit in this request; worked out when an experiment asks. */
  unitOf(unit: ExperimentUnit): string;
}

/** The arm that a request is in. */
export interface Assignment {
  experiment: string;
  arm: ArmData;
}

interface Compiled {
  data: ExperimentData;
  program: CelProgram;
}

/** The compiled experiments of one snapshot. */
export class Experiments {
  private readonly list: readonly Compiled[];

  /** Throws `CelError` for a condition that does not compile. */
  constructor(data: readonly ExperimentData[]) {
    this.list = data.map((each) => ({ data: each, program: compileCel(each.when, RULE_ENVIRONMENT) }));
  }

  programs(): ScopedProgram[] {
    return this.list.map(({ data, program }) => [data.scope, program] as const);
  }

  get isEmpty(): boolean {
    return this.list.length === 0;
  }

  /** The arm of the first experiment that a request takes part in; null: it takes part in none. */
  assign(input: ExperimentInput, trace: TraceStep[]): Assignment | null {
    for (const { data, program } of this.list) {
      if (!input.scopes.includes(data.scope) || !holds(data.name, program, input, trace)) continue;
      const arm = assignArm(data, input.unitOf(data.unit), input.variables.now.getTime());
      if (arm === null) continue;
      trace.push({ step: "experiment", result: `${data.name}: ${arm.name}` });
      return { experiment: data.name, arm };
    }
    return null;
  }
}

/** As with rules, a condition that cannot be evaluated does not hold, and the trace says why. */
function holds(name: string, program: CelProgram, { variables }: ExperimentInput, trace: TraceStep[]): boolean {
  const decision = program.decide(variables);
  if (typeof decision === "boolean") return decision;
  if (decision !== ABSENT) trace.push({ step: "experiment", result: `${name}: error, no part in it: ${decision}` });
  return false;
}
