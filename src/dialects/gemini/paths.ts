/**
 * The path of a call below `…/v1beta`. Bare ids are models; ids with a slash (`models/x`, `tunedModels/x`) are
 * resource names already. Streams ask for SSE (https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent).
 */
export function methodPath(model: string, method: string): string {
  const name = model.includes("/") ? model : `models/${model}`;
  return `/${name.split("/").filter(isName).map(encodeURIComponent).join("/")}:${method}`;
}

/** A model id must not climb out of the API's path. */
function isName(segment: string): boolean {
  return segment !== "" && segment !== "." && segment !== "..";
}

/** The path that generates, plain or as SSE. */
export function generatePath(model: string, stream: boolean): string {
  return stream ? `${methodPath(model, "streamGenerateContent")}?alt=sse` : methodPath(model, "generateContent");
}
