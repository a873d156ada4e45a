import type { ConditionFault, ConditionScope } from "../domain/config/index.ts";
import { CLASSIFIER_ENVIRONMENT, RULE_ENVIRONMENT } from "../domain/route/variables.ts";
import { CelError, compileCel, type CelProgram } from "../lib/cel/index.ts";

/** Compiles a condition of the configuration, and looks whether what it reads is there; null when it is sound. */
export function checkCondition(source: string, scope: ConditionScope): ConditionFault | null {
  try {
    const program = compileCel(source, scope.classifiers === null ? CLASSIFIER_ENVIRONMENT : RULE_ENVIRONMENT);
    return complexityFault(program, scope) ?? classFault(program, scope.classifiers ?? []);
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    const place = `line ${error.line}, column ${error.column}: ${error.problem}`;
    return error.hint === "" ? { message: place } : { message: place, remedy: error.hint };
  }
}

function complexityFault({ references }: CelProgram, { hasComplexity }: ConditionScope): ConditionFault | null {
  if (hasComplexity || !references.has("complexity")) return null;
  return { message: "`complexity` is not enabled", remedy: "set `routing.complexity.enabled: true`" };
}

function classFault(program: CelProgram, names: readonly string[]): ConditionFault | null {
  const missing = [...(program.keysOf("classes") ?? [])].find((name) => !names.includes(name));
  if (missing === undefined) return null;
  const known = names.length === 0 ? "there are none yet" : `there are ${names.join(", ")}`;
  return {
    message: `there is no classifier ${JSON.stringify(missing)}`,
    remedy: `define it under \`routing.classifiers\`; ${known}`,
  };
}
