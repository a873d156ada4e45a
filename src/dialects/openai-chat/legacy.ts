import type { ChatRequest } from "../../canonical/request.ts";
import { shapeOf } from "./shape.ts";

/** True when the client sent `functions`, and so expects `function_call` in the answer. */
export function isLegacy(request: ChatRequest): boolean {
  return request.tools.some((tool) => tool.type === "function" && shapeOf(tool)?.legacy === true);
}
