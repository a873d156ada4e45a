import type { CelProgram } from "../../lib/cel/index.ts";

/** A compiled condition and the scope of the callers that it is looked at for. */
export type ScopedProgram = readonly [scope: string, program: CelProgram];

/** Which classifiers the conditions of each scope read; null: which, only an evaluation knows. Scopes that read none are left out. */
export function classesRead(programs: Iterable<ScopedProgram>): Map<string, ReadonlySet<string> | null> {
  const read = new Map<string, Set<string> | null>();
  for (const [scope, program] of programs) {
    const keys = program.keysOf("classes");
    const known = read.get(scope);
    if (keys === null) read.set(scope, null);
    else if (known !== null && keys.size > 0) read.set(scope, new Set([...(known ?? []), ...keys]));
  }
  return read;
}
