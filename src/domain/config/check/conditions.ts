import type { Path } from "../path.ts";
import type { CheckContext } from "./context.ts";

/** A condition must compile. */
export function checkCondition(context: CheckContext, path: Path, source: string): void {
  const fault = context.checkCondition(source);
  if (fault !== null) context.problem(path, fault.message, fault.remedy);
}
