import { modelSegments } from "../../canonical/model-segments.ts";

/**
 * The path of a call below `…/v1beta`. Bare ids are models; ids with a slash (`models/x`, `tunedModels/x`) are
 * resource names already. Streams ask for SSE (https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent).
 */
export function methodPath(model: string, method: string): string {
  const name = model.includes("/") ? model : `models/${model}`;
  return `/${modelSegments(name).join("/")}:${method}`;
}

/** The path that generates, plain or as SSE. */
export function generatePath(model: string, stream: boolean): string {
  return stream ? `${methodPath(model, "streamGenerateContent")}?alt=sse` : methodPath(model, "generateContent");
}
