import { lowerOf, priorityNamed, type Priority } from "../canonical/priority.ts";
import { warnOnce } from "../canonical/warning.ts";
import type { RequestContext } from "./context.ts";

const HEADER = "x-trunkline-priority";

/** Priority of a request: that of its virtual key, normal without one; its header may lower it, never raise it. */
export function priorityOf({ arrival, caller, warnings }: RequestContext): Priority {
  const allowed = caller?.priority ?? "normal";
  const stated = arrival.headers.get(HEADER);
  if (stated === null) return allowed;
  const wanted = priorityNamed(stated);
  const priority = wanted === null ? allowed : lowerOf(allowed, wanted);
  if (priority !== wanted) warnOnce(warnings, "changed_field", HEADER, `the priority of this request is ${priority}`);
  return priority;
}
