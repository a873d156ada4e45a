import { compileCel, type CelProgram } from "../../lib/cel/index.ts";
import { assignArm } from "./assign-arm.ts";
import type { ScopedProgram } from "./classes-read.ts";
import type { ArmData, ExperimentData, ExperimentUnit } from "./data.ts";
import type { Evaluation } from "./evaluation.ts";
import { RULE_ENVIRONMENT } from "./variables.ts";

/** What an experiment is told of one request. */
export interface ExperimentInput {
  scopes: readonly string[];
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
  assign(input: ExperimentInput, evaluation: Evaluation): Assignment | null {
    const now = evaluation.variables.now.getTime();
    for (const each of this.list) {
      const { data } = each;
      if (!input.scopes.includes(data.scope) || !holds(each, evaluation)) continue;
      const arm = assignArm(data, input.unitOf(data.unit), now);
      if (arm === null) continue;
      evaluation.trace.push({ step: "experiment", result: `${data.name}: ${arm.name}` });
      return { experiment: data.name, arm };
    }
    return null;
  }
}

/** As with rules, a condition that cannot be evaluated does not hold: it is a fault, and the trace says why. */
function holds({ data, program }: Compiled, evaluation: Evaluation): boolean {
  const found = evaluation.rule(program, false);
  if (typeof found === "boolean") return found;
  evaluation.fault("error", data);
  evaluation.trace.push({ step: "experiment", result: `${data.name}: error, no part in it: ${found}` });
  return false;
}
